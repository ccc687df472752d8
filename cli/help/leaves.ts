import type { Command } from "commander";

/** Whether a command with commands below it does something by itself. */
const isOneToo = (command: Command): boolean => ["marketplaces", "failures"].includes(command.name());

/** The commands that do something: those without commands below them, and those that are one too. */
export const leavesOf = (command: Command): readonly Command[] =>
  command.commands.flatMap((own) =>
    own.commands.length === 0 ? [own] : isOneToo(own) ? [own, ...leavesOf(own)] : leavesOf(own),
  );

/** How a command is called without the program's name, such as `users add`. */
export const pathOf = (command: Command): string => {
  const { parent } = command;
  if (parent === null) return "";
  return [pathOf(parent), command.name()].filter((part) => part !== "").join(" ");
};
