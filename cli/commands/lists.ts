import { type Command, Option } from "commander";
import { ItemStateSchema } from "../../lambdas/core/batches/batch-states.ts";
import { CatalogSchema } from "../../lambdas/core/contract/catalogs/catalog.ts";
import { CatalogProductSchema } from "../../lambdas/core/contract/catalogs/products.ts";
import { pageOf } from "../../lambdas/core/contract/page.ts";
import { EXIT } from "../cli-error.ts";
import { formatTable } from "../output/format-table.ts";
import { type CommonOptions, printJson, type RunCommand } from "../run-command.ts";
import { cursorOption, limitOption, moreHint } from "./page-options.ts";

interface ListOptions extends CommonOptions {
  readonly limit: string;
  readonly cursor?: string;
  readonly state?: string;
}

/** Adds `catalogs` and `products CATALOG`. */
export const addLists = (program: Command, run: RunCommand): void => {
  program
    .command("catalogs")
    .description("list your catalogs, newest first")
    .addOption(limitOption())
    .addOption(cursorOption())
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
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
  program
    .command("products")
    .description("list a catalog's products with state, price and title")
    .argument("<catalog>", "its id, as enrichline catalogs lists it")
    .addOption(new Option("--state <state>", "only those in this state").choices(ItemStateSchema.options))
    .addOption(limitOption())
    .addOption(cursorOption())
    .action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      await run(options, async ({ io, api, json }) => {
        const query = { limit: options.limit, cursor: options.cursor, state: options.state };
        const path = `/catalogs/${encodeURIComponent(id)}/products`;
        const page = await api.call({ path, query, answer: pageOf(CatalogProductSchema) });
        if (json) printJson(io, page);
        else {
          const rows = page.items.map(({ asin, state, error_code, source, product }) => [
            asin,
            error_code ?? state,
            source ?? "-",
            product?.current_price ? `${product.current_price} ${product.currency ?? ""}`.trim() : "-",
            product?.availability_type ?? "-",
            product?.title ?? "-",
          ]);
          io.out(formatTable(["asin", "state", "source", "price", "availability", "title"], rows));
          io.err(moreHint(page.next_cursor));
        }
        return EXIT.OK;
      });
    });
};
