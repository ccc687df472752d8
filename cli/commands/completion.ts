import { Argument, type Command } from "commander";
import { EXIT } from "../cli-error.ts";
import { candidates } from "../completion/candidates.ts";
import { completionScript, SHELLS, type Shell } from "../completion/shell-scripts.ts";
import type { CommonOptions, RunWithoutTarget } from "../run-command.ts";
import { readStages } from "../target/stage-place.ts";

/** Adds `completion SHELL`, and the hidden `complete`, which the scripts ask for candidates. */
export const addCompletion = (program: Command, run: RunWithoutTarget): void => {
  program
    .command("completion")
    .description("print the script with which your shell completes commands, options and stages")
    .addArgument(new Argument("<shell>", "the shell").choices([...SHELLS]))
    .action(async (shell: Shell, _: unknown, command: Command) => {
      await run(command.optsWithGlobals<CommonOptions>(), async (io) => {
        io.out(completionScript(shell));
        return EXIT.OK;
      });
    });
  program
    .command("complete", { hidden: true })
    .description("print what may come next on a command line, for the scripts of completion")
    .argument("[words...]", "the words so far, after --; the last is being typed")
    .action(async (words: readonly string[]) => {
      await run({}, async (io) => {
        // What cannot be read is not offered; the command itself says why.
        const stages = await readStages().catch(() => ({}));
        for (const candidate of candidates(program, words, { stages: Object.keys(stages) })) io.out(`${candidate}\n`);
        return EXIT.OK;
      });
    });
};
