import type { Command } from "commander";
import { readStatus, watchRun } from "../../api/watch-run.ts";
import { CliError, EXIT } from "../../cli-error.ts";
import { exitCodeOfRun, printStatus } from "../../output/print-status.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";
import { printReading, readReading } from "../../upload/reading-report.ts";

/** Adds `status CATALOG` and `watch CATALOG`. */
export const addFollow = (program: Command, run: RunCommand): void => {
  program
    .command("status")
    .description("show the state of a catalog: what is done, failed and left, and what it waits for")
    .argument("<catalog>", "its id, as enrichline catalogs lists it")
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
    .argument("<catalog>", "its id, as enrichline catalogs lists it")
    .action(async (id: string, _: unknown, command: Command) => {
      await run(command.optsWithGlobals<CommonOptions>(), async ({ io, api, json }) => {
        const { status, interrupted } = await watchRun(io, api, id, async (isNews) => {
          if (isNews && !json) printReading(io, await readReading(api, id));
        });
        if (status === null) throw new CliError(EXIT.INTERRUPTED, "Interrupted before the first check of the run.");
        if (json) printJson(io, status);
        if (interrupted) return EXIT.INTERRUPTED;
        if (!json) printStatus(io, status);
        return exitCodeOfRun(status);
      });
    });
};
