import type { Argument, Command, Option } from "commander";

/** What may stand at a place, beside files, which the shell knows itself. */
export interface KnownValues {
  readonly stages: readonly string[];
}

const longNameOf = ({ long, short }: Option): string => long ?? short ?? "";

const takesValue = (option: Option | undefined): boolean =>
  option !== undefined && (option.required || option.optional);

const optionNamed = (command: Command, word: string): Option | undefined => {
  for (let own: Command | null = command; own !== null; own = own.parent) {
    const found = own.options.find(({ long, short }) => long === word || short === word);
    if (found) return found;
  }
  return undefined;
};

const valuesOf = (option: Option, { stages }: KnownValues): readonly string[] =>
  longNameOf(option) === "--stage" ? stages : (option.argChoices ?? []);

const argumentValues = (argument: Argument | undefined, { stages }: KnownValues): readonly string[] =>
  argument?.name() === "stage" ? stages : (argument?.argChoices ?? []);

/**
 * What may come next on a command line.
 * @param words all after the program's name; the last is the one being typed, and may be empty
 * @returns candidates that begin with it; none where only a file or a word of one's own fits
 */
export const candidates = (program: Command, words: readonly string[], known: KnownValues): readonly string[] => {
  const typed = words.at(-1) ?? "";
  let command = program;
  let waiting: Option | undefined;
  let place = 0;
  for (const word of words.slice(0, -1)) {
    if (word === "--") return [];
    if (waiting !== undefined) waiting = undefined;
    else if (word.startsWith("-")) {
      const option = word.includes("=") ? undefined : optionNamed(command, word);
      waiting = takesValue(option) ? option : undefined;
    } else {
      const below = command.commands.find((own) => own.name() === word);
      if (below) command = below;
      else place += 1;
    }
  }
  const all = waiting === undefined ? nextWords(command, typed, place, known) : valuesOf(waiting, known);
  return all.filter((candidate) => candidate.startsWith(typed)).toSorted();
};

const nextWords = (command: Command, typed: string, place: number, known: KnownValues): readonly string[] => {
  if (typed.startsWith("-")) {
    return [...new Set([...command.options.filter(({ hidden }) => !hidden).map(longNameOf), "--help"])];
  }
  const below = command
    .createHelp()
    .visibleCommands(command)
    .map((own) => own.name())
    .filter((name) => name !== "help");
  const argument = command.registeredArguments[Math.min(place, command.registeredArguments.length - 1)];
  return [...(place === 0 ? below : []), ...argumentValues(argument, known)];
};
