import type { Command } from "commander";
import { type FailureChoice, previewRetry, retryFailures } from "../../api/retry-failures.ts";
import { EXIT } from "../../cli-error.ts";
import { formatTable } from "../../output/format-table.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";
import { collect } from "../collect.ts";

interface RetryOptions extends CommonOptions, FailureChoice {
  readonly dryRun?: boolean;
}

/** Adds `retry CATALOG`. */
export const addRetry = (program: Command, run: RunCommand): void => {
  program
    .command("retry")
    .description("try a catalog's failed products again: all of them, or those chosen by the options")
    .argument("<catalog>", "its id, as enrichline catalogs lists it")
    .option("--error-code <code>", "only those with this failure, such as NotFound; may be repeated", collect)
    .option("--asin <asin>", "only this product; may be repeated", collect)
    .option("--dry-run", "only say what would be retried")
    .action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<RetryOptions>();
      await run(options, async ({ io, api, json }) => {
        const report = await (options.dryRun ? previewRetry : retryFailures)(api, id, options);
        if (json) {
          printJson(io, report);
          return EXIT.OK;
        }
        const rows = report.by_error_code.map(({ error_code, count }) => [error_code, String(count)]);
        io.out(formatTable(["failure", "products"], rows));
        const calls = Object.entries(report.estimate?.calls ?? {}).map(([source, count]) => `${source} ${count}`);
        if (report.dry_run)
          io.out(`\nWould retry ${report.matched} products. Calls: ${calls.join(", ") || "unknown"}\n`);
        else io.out(`\n${report.reopened} products are pending again. Watch them with: enrichline watch ${id}\n`);
        if (!report.dry_run && report.remaining > 0)
          io.out(
            `${report.remaining} are not yet, because their batches are being worked on; repeat it in a moment.\n`,
          );
        return EXIT.OK;
      });
    });
};
