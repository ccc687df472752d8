import type { Command } from "commander";
import { EXIT } from "../cli-error.ts";
import { exitCodeOfRun, printStatus } from "../print-status.ts";
import { type CommonOptions, printJson, type RunCommand } from "../run-command.ts";
import { readStatus, watchRun } from "../watch-run.ts";

/** Adds `status ID` and `watch ID`. */
export const addFollow = (program: Command, run: RunCommand): void => {
  program
    .command("status")
    .description("say where a catalog stands")
    .argument("<id>", "catalog id")
    .action(async (id: string, _: unknown, command: Command) => {
      await run(command.optsWithGlobals<CommonOptions>(), async ({ io, api, json }) => {
        const status = await readStatus(api, id);
        if (json) printJson(io, status);
        else printStatus(io, status);
        return exitCodeOfRun(status);
      });
    });
  program
    .command("watch")
    .description("show a run's progress until it ends; Ctrl-C leaves it going")
    .argument("<id>", "catalog id")
    .action(async (id: string, _: unknown, command: Command) => {
      await run(command.optsWithGlobals<CommonOptions>(), async ({ io, api, json }) => {
        const { status, interrupted } = await watchRun(io, api, id);
        if (interrupted) return EXIT.INTERRUPTED;
        if (json) printJson(io, status);
        else printStatus(io, status);
        return exitCodeOfRun(status);
      });
    });
};
