import type { Command } from "commander";
import { EXIT } from "../cli-error.ts";
import type { Io } from "../output/io.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../run-command.ts";

/** What a command asks the API, and how it shows the answer to a person. */
export interface AnswerCommand<Options extends CommonOptions, Answer> {
  /** @param args the command's arguments in their order */
  readonly ask: (session: Session, options: Options, args: readonly string[]) => Promise<Answer>;
  readonly print: (io: Io, answer: Answer, options: Options) => void;
}

/** Gives a command its action: it asks once and prints the answer, with `--json` as it is. What fails throws CliError. */
export const showAnswer = <Options extends CommonOptions, Answer>(
  command: Command,
  run: RunCommand,
  { ask, print }: AnswerCommand<Options, Answer>,
): void => {
  command.action(async () => {
    const options = command.optsWithGlobals<Options>();
    await run(options, async (session) => {
      const answer = await ask(session, options, command.args);
      if (session.json) printJson(session.io, answer);
      else print(session.io, answer, options);
      return EXIT.OK;
    });
  });
};
