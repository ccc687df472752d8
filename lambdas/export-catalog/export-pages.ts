import type { CatalogFileRow } from "../common/core/catalogs/ingest/catalog-files.ts";
import { earlier } from "../common/core/clock.ts";
import { enrichmentCells, type RowOutcome, rowStateOf, shownSources } from "../common/core/exports/enrichment-cells.ts";
import type { ExportJob } from "../common/core/exports/export-job.ts";
import type { RowWriter } from "../common/core/exports/row-writer.ts";
import type { LicenceBook } from "../common/core/licences/licence-book.ts";
import { licensedProduct } from "../common/core/licences/licensed-product.ts";
import type { Product } from "../common/core/products/product.ts";
import type { SourceId } from "../common/core/source-ids.ts";
import type { Deps } from "./deps.ts";
import type { RunOutcomes } from "./run-outcomes.ts";

/** Products that DynamoDB answers at once. */
const PRODUCTS_PER_READ = 100;

/** A page of rows as text. */
export interface WrittenPage {
  readonly text: string;
  /** Rows in the text; fewer than were given when only one state is wanted. */
  readonly rows: number;
  /** When the first field in the text ends by its licence; null: none does. */
  readonly validUntil: string | null;
  /** Sources of the fields in the text. */
  readonly sources: ReadonlySet<SourceId>;
}

/** What pages are made with. */
export interface PageContext {
  readonly products: Deps["products"];
  readonly outcomes: RunOutcomes;
  readonly writer: RowWriter;
  readonly rowState: ExportJob["row_state"];
  readonly licences: LicenceBook;
  /** Whether fields that may not stand on a public site are left out. */
  readonly publicOnly: boolean;
  /** Distinct products passed so far by shop; moves on with every page. */
  readonly passed: Map<string, number>;
}

const getProducts = async (products: Deps["products"], keys: readonly string[]): Promise<Map<string, Product>> => {
  const distinct = [...new Set(keys)];
  const reads: Promise<ReadonlyMap<string, Product>>[] = [];
  for (let from = 0; from < distinct.length; from += PRODUCTS_PER_READ) {
    reads.push(products.getMany(distinct.slice(from, from + PRODUCTS_PER_READ)));
  }
  return new Map((await Promise.all(reads)).flatMap((found) => [...found]));
};

/** How the product of a valid row fared; undefined for the other rows, which have no place in the run. */
const outcomeOf = async (context: PageContext, row: CatalogFileRow): Promise<RowOutcome | undefined> => {
  if (row.verdict !== "valid" || row.product_key === undefined) return undefined;
  const cut = row.product_key.lastIndexOf("#");
  const marketplace = row.product_key.slice(0, cut);
  const place = context.passed.get(marketplace) ?? 0;
  context.passed.set(marketplace, place + 1);
  return context.outcomes.of(marketplace, place, row.product_key.slice(cut + 1));
};

/** Joins a page of rows with their states and products, in the order of the file, and writes what is wanted of it. */
export const writePage = async (context: PageContext, rows: readonly CatalogFileRow[]): Promise<WrittenPage> => {
  const wanted: { row: CatalogFileRow; outcome: RowOutcome | undefined }[] = [];
  for (const row of rows) {
    const outcome = await outcomeOf(context, row);
    if (context.rowState === null || rowStateOf(row, outcome) === context.rowState) wanted.push({ row, outcome });
  }
  const products = await getProducts(
    context.products,
    wanted.flatMap(({ row }) => row.product_key ?? []),
  );
  let validUntil: string | null = null;
  const sources = new Set<SourceId>();
  const lines = wanted.map(({ row, outcome }) => {
    const product = products.get(row.product_key ?? "");
    const shown = product && licensedProduct(product, context.licences, { public: context.publicOnly });
    for (const source of shown ? shownSources(shown) : []) sources.add(source);
    const cells = enrichmentCells(row, outcome, shown);
    validUntil = earlier(validUntil, cells.valid_until);
    return context.writer.line(row.cells, cells);
  });
  return { text: lines.join(""), rows: lines.length, validUntil, sources };
};
