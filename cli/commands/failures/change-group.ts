import type { Command } from "commander";
import type { FailureGroupDetail } from "../../../lambdas/common/core/contract/operations/failure-groups.ts";
import type { Io } from "../../output/io.ts";
import type { RunCommand } from "../../run-command.ts";
import { showAnswer } from "../answer-command.ts";
import { ALL_WORDS, callerOf, type GroupOptions, postGroup, readGroup } from "./group-calls.ts";
import { printGroup } from "./print-groups.ts";

interface VerbOptions extends GroupOptions {
  readonly note?: string;
  readonly until?: string;
}

const VERBS = {
  resolve: "call a group resolved; it opens again by itself when a product fails for it",
  ignore: "ignore a group whatever fails for it",
  reopen: "open a group again that was resolved or ignored",
} as const;

const printState = (io: Io, { group_id, state, count }: FailureGroupDetail): void =>
  io.out(`${group_id} is ${state}; ${count} of its products are failed.\n`);

/** Adds `failures show`, `resolve`, `ignore` and `reopen`. */
export const addChangeGroup = (failures: Command, run: RunCommand): void => {
  const group = (name: string, words: string): Command =>
    failures
      .command(name)
      .description(words)
      .argument("<group>", "its id, as enrichline failures lists it")
      .option("--all", ALL_WORDS);
  showAnswer(group("show", "show a group: why, what to do, samples, catalogs, its last trial and its history"), run, {
    ask: (session, options: GroupOptions, [groupId = ""]) => readGroup(callerOf(session, options), groupId),
    print: printGroup,
  });
  for (const [verb, words] of Object.entries(VERBS)) {
    const command = group(verb, words).option("--note <words>", "why, for the history");
    if (verb === "ignore") command.option("--until <time>", "until then, such as 2026-12-24T00:00:00Z");
    showAnswer(command, run, {
      ask: (session, options: VerbOptions, [groupId = ""]) =>
        postGroup(callerOf(session, options), groupId, verb, { note: options.note, until: options.until }),
      print: printState,
    });
  }
};
