import { type Command, Option } from "commander";
import { ItemStateSchema } from "../../../lambdas/common/core/batches/batch-states.ts";
import { pageOf } from "../../../lambdas/common/core/contract/page.ts";
import { ProductAnswerSchema } from "../../../lambdas/common/core/contract/products/product.ts";
import { PRODUCT_FIELDS, ProductStatusSchema } from "../../../lambdas/common/core/products/product.ts";
import { SOURCE_IDS } from "../../../lambdas/common/core/source-ids.ts";
import { CliError, EXIT, type ExitCode } from "../../cli-error.ts";
import { type CommonOptions, printJson, type RunCommand, type Session } from "../../run-command.ts";
import { type CatalogProductsOptions, listCatalogProducts } from "../catalogs/products.ts";
import { cursorOption, limitOption, moreHint } from "../page-options.ts";
import { productTable } from "./print-product.ts";

interface ProductsOptions extends CommonOptions, CatalogProductsOptions {
  readonly q?: string;
  readonly status?: string;
  readonly marketplace?: string;
  readonly missing?: string;
  readonly source?: string;
  readonly minQuality?: string;
}

const FILTERS = ["q", "status", "marketplace", "missing", "source", "minQuality"] as const;
const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const refuse = (options: ProductsOptions, names: readonly (keyof ProductsOptions)[], why: string): void => {
  const given = names.filter((name) => options[name] !== undefined);
  if (given.length > 0) throw new CliError(EXIT.USAGE, `${given.map(flagOf).join(", ")}: ${why}`);
};

const listStored = async ({ io, api, json }: Session, options: ProductsOptions): Promise<ExitCode> => {
  refuse(options, ["state"], "only products of a catalog have it; name the catalog, or use --status.");
  const { q, status, marketplace, missing, source, limit, cursor, minQuality: min_quality } = options;
  const isPublic = options.public ? "true" : undefined;
  const query = { q, status, marketplace, missing, source, min_quality, limit, cursor, public: isPublic };
  const page = await api.call({ path: "/products", query, answer: pageOf(ProductAnswerSchema) });
  if (json) printJson(io, page);
  else {
    io.out(productTable(page.items));
    io.err(moreHint(page.next_cursor));
  }
  return EXIT.OK;
};

/** Adds `products [CATALOG]`. */
export const addProducts = (program: Command, run: RunCommand): void => {
  program
    .command("products")
    .description("list a catalog's products, or without one all that are stored")
    .argument("[catalog]", "its id, as enrichline catalogs lists it")
    .addOption(new Option("--state <state>", "of a catalog: only those in this state").choices(ItemStateSchema.options))
    .option("--q <words>", "stored: only those whose title, brand or ASIN has each of these words")
    .addOption(new Option("--status <status>", "stored: only those in this state").choices(ProductStatusSchema.options))
    .option("--marketplace <shop>", "stored: only those of this shop")
    .addOption(new Option("--missing <field>", "stored: only those without this field").choices([...PRODUCT_FIELDS]))
    .addOption(
      new Option("--source <source>", "stored: only those with a field of this source").choices([...SOURCE_IDS]),
    )
    .option("--min-quality <score>", "stored: only those of at least this quality, 0 to 1")
    .option("--public", "without the fields that may not stand on a public site")
    .addOption(limitOption())
    .addOption(cursorOption())
    .action(async (catalog: string | undefined, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<ProductsOptions>();
      await run(options, async (session) => {
        if (catalog === undefined) return listStored(session, options);
        refuse(options, FILTERS, "only the list of all stored products has it; leave out the catalog.");
        return listCatalogProducts(session, catalog, options);
      });
    });
};
