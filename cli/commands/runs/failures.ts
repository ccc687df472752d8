import type { Command } from "commander";
import { pageOf } from "../../../lambdas/common/core/contract/page.ts";
import { FailureSchema } from "../../../lambdas/common/core/contract/runs/failures.ts";
import { EXIT } from "../../cli-error.ts";
import { formatTable } from "../../output/format-table.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";
import { cursorOption, limitOption, moreHint } from "../page-options.ts";

interface FailuresOptions extends CommonOptions {
  readonly errorCode?: string;
  readonly limit: string;
  readonly cursor?: string;
}

/** Adds `failures CATALOG`. */
export const addFailures = (program: Command, run: RunCommand): void => {
  program
    .command("failures")
    .description("list a catalog's failed products, with cause")
    .argument("<catalog>", "its id, as enrichline catalogs lists it")
    .option("--error-code <code>", "only those with this failure, such as NotFound")
    .addOption(limitOption())
    .addOption(cursorOption())
    .action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<FailuresOptions>();
      await run(options, async ({ io, api, json }) => {
        const query = { error_code: options.errorCode, limit: options.limit, cursor: options.cursor };
        const path = `/catalogs/${encodeURIComponent(id)}/failures`;
        const page = await api.call({ path, query, answer: pageOf(FailureSchema) });
        if (json) printJson(io, page);
        else if (page.items.length === 0 && page.next_cursor === null) io.out("No failed products.\n");
        else {
          const rows = page.items.map((item) => [
            item.asin,
            item.marketplace,
            item.retrying ? `${item.error_code} (retrying)` : item.error_code,
            item.source ?? "-",
            String(item.attempts),
            item.message,
          ]);
          io.out(formatTable(["asin", "shop", "failure", "source", "attempts", "message"], rows));
          io.err(moreHint(page.next_cursor));
        }
        return EXIT.OK;
      });
    });
};
