import { type Command, Option } from "commander";
import { ItemStateSchema } from "../../../lambdas/common/core/batches/batch-states.ts";
import { CatalogProductSchema } from "../../../lambdas/common/core/contract/catalogs/products.ts";
import { pageOf } from "../../../lambdas/common/core/contract/page.ts";
import { EXIT } from "../../cli-error.ts";
import { formatTable } from "../../output/format-table.ts";
import { type CommonOptions, printJson, type RunCommand } from "../../run-command.ts";
import { cursorOption, limitOption, moreHint } from "../page-options.ts";

interface ProductsOptions extends CommonOptions {
  readonly limit: string;
  readonly cursor?: string;
  readonly state?: string;
}

/** Adds `products CATALOG`. */
export const addProducts = (program: Command, run: RunCommand): void => {
  program
    .command("products")
    .description("list a catalog's products with state, price and title")
    .argument("<catalog>", "its id, as enrichline catalogs lists it")
    .addOption(new Option("--state <state>", "only those in this state").choices(ItemStateSchema.options))
    .addOption(limitOption())
    .addOption(cursorOption())
    .action(async (id: string, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<ProductsOptions>();
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
