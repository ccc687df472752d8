import type { Command } from "commander";
import { CatalogSchema } from "../../../lambdas/common/core/contract/catalogs/catalog.ts";
import { pageOf } from "../../../lambdas/common/core/contract/page.ts";
import { EXIT } from "../../cli-error.ts";
import { formatTable } from "../../output/format-table.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";
import { cursorOption, limitOption, moreHint } from "../page-options.ts";

interface CatalogsOptions extends CommonOptions {
  readonly limit: string;
  readonly cursor?: string;
}

/** Adds `catalogs`. */
export const addCatalogs = (program: Command, run: RunCommand): void => {
  program
    .command("catalogs")
    .description("list your catalogs, newest first")
    .addOption(limitOption())
    .addOption(cursorOption())
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<CatalogsOptions>();
      await run(options, async ({ io, api, json }) => {
        const query = { limit: options.limit, cursor: options.cursor };
        const page = await api.call({ path: "/catalogs", query, answer: pageOf(CatalogSchema) });
        if (json) printJson(io, page);
        else if (page.items.length === 0) io.out("No catalogs yet. Upload one with: enrichline upload FILE\n");
        else {
          const rows = page.items.map(({ catalog_id, state, total_products, counts, created_at, name }) => [
            catalog_id,
            state,
            counts ? `${counts.enriched}/${total_products}` : `-/${total_products}`,
            counts ? String(counts.failed) : "-",
            created_at,
            name,
          ]);
          io.out(formatTable(["catalog", "state", "enriched", "failed", "created", "name"], rows));
          io.err(moreHint(page.next_cursor));
        }
        return EXIT.OK;
      });
    });
};
