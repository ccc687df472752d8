import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import {
  type RetryInput,
  type RetryReport,
  RetryReportSchema,
} from "../../../lambdas/common/core/contract/runs/retry.ts";
import type { ApiClient } from "../../api/api-client.ts";
import { jsonBody } from "../../api/json-body.ts";
import { CliError, EXIT } from "../../cli-error.ts";
import { formatTable } from "../../output/format-table.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";

interface RetryOptions extends CommonOptions {
  readonly errorCode?: string[];
  readonly asin?: string[];
  readonly dryRun?: boolean;
}

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

const retryOnce = (api: ApiClient, id: string, options: RetryOptions, cursor?: string): Promise<RetryReport> => {
  const selection: RetryInput = {
    error_codes: options.errorCode,
    asins: options.asin,
    dry_run: options.dryRun ?? false,
    cursor,
  };
  return api.call({
    method: "POST",
    path: `/catalogs/${encodeURIComponent(id)}/retry`,
    ...jsonBody(selection, { "idempotency-key": randomUUID() }),
    answer: RetryReportSchema,
  });
};

/** Repeats a retry until everything is reopened, or a request gets no further. */
const retryAll = async (api: ApiClient, id: string, options: RetryOptions): Promise<RetryReport> => {
  const first = await retryOnce(api, id, options);
  let { reopened } = first;
  let last = first;
  while (last.remaining > 0 && (last.reopened > 0 || last.next_cursor !== undefined)) {
    const next = await retryOnce(api, id, options, last.next_cursor).catch((error: unknown) => {
      if (error instanceof CliError && error.problem?.code === "nothing_to_retry") return undefined;
      throw error;
    });
    if (!next) return { ...first, reopened, in_progress: 0, remaining: 0 };
    last = next;
    reopened += last.reopened;
  }
  return { ...first, reopened, in_progress: last.in_progress, remaining: last.remaining };
};

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
        const report = options.dryRun ? await retryOnce(api, id, options) : await retryAll(api, id, options);
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
