import type { BatchItem } from "../batches/batch-row.ts";
import type { CatalogFileRow } from "../catalogs/ingest/catalog-files.ts";
import type { LicensedProduct } from "../licences/licensed-product.ts";
import type { ProductField } from "../products/product.ts";
import type { SourceId } from "../source-ids.ts";
import type { ExportRowState } from "./export-job.ts";

/** Columns that an export adds behind the user's own, in order. */
export const ENRICHMENT_COLUMNS = [
  "state",
  "missing",
  "error_code",
  "source",
  "as_of",
  "valid_until",
  "title",
  "price",
  "currency",
  "availability",
  "image_url",
  "url",
] as const;
export type EnrichmentColumn = (typeof ENRICHMENT_COLUMNS)[number];

/** What is known of one row by column. Null: nothing. `missing` names fields of the product. */
export type EnrichmentCells = Readonly<Record<Exclude<EnrichmentColumn, "state" | "missing">, string | null>> & {
  readonly state: ExportRowState;
  readonly missing: readonly string[] | null;
};

/** Fields of a product that an export shows. */
const SHOWN: readonly ProductField[] = [
  "title",
  "current_price",
  "currency",
  "availability_type",
  "image_url",
  "detail_page_url",
];

/** When the first of the shown fields may not be kept any more, ISO; null: none ends. */
const shownUntil = ({ provenance }: LicensedProduct): string | null => {
  const [first = null] = SHOWN.flatMap((field) => provenance[field]?.store_until ?? []).sort();
  return first;
};

/** Age of the oldest of the shown fields, ISO; null: none is there. What is beside them may be older, or fetched since. */
const shownAsOf = ({ provenance }: LicensedProduct): string | null => {
  const [oldest = null] = SHOWN.flatMap((field) => provenance[field]?.fetched_at ?? []).sort();
  return oldest;
};

/** What files show of a product: fields with their age and end. Null: nothing is known. */
export const productCells = (product: LicensedProduct | undefined) => ({
  as_of: product ? shownAsOf(product) : null,
  valid_until: product ? shownUntil(product) : null,
  title: product?.title ?? null,
  price: product?.current_price ?? null,
  currency: product?.currency ?? null,
  availability: product?.availability_type ?? null,
  image_url: product?.image_url ?? null,
  url: product?.detail_page_url ?? null,
});

/** Sources of the shown fields. */
export const shownSources = ({ provenance }: LicensedProduct): SourceId[] =>
  SHOWN.flatMap((field) => provenance[field]?.source ?? []);

/** How the product of a row fared in the run. */
export type RowOutcome = Pick<BatchItem, "state"> & {
  readonly source?: BatchItem["source"] | undefined;
  readonly error_code?: string | undefined;
};

/** Says which state a row is shown with. @param outcome of its product; not read unless the row is valid */
export const rowStateOf = (row: CatalogFileRow, outcome: RowOutcome | undefined): ExportRowState => {
  if (row.verdict === "invalid") return "rejected";
  if (row.verdict === "duplicate") return "duplicate";
  return outcome?.state ?? "pending";
};

/**
 * Fills the columns of one row. A duplicate shows the same product as the row that it repeats, without that row's
 * error code; a rejected row shows `INVALID_ROW` with the reason. Product columns are what is stored, as of `as_of`,
 * even where this run failed or is not there yet; the licences of their sources let them be kept until `valid_until`.
 */
export const enrichmentCells = (
  row: CatalogFileRow,
  outcome: RowOutcome | undefined,
  product: LicensedProduct | undefined,
): EnrichmentCells => {
  const rejected = row.verdict === "invalid";
  return {
    state: rowStateOf(row, outcome),
    missing: product ? product.missing.map(({ field }) => field) : null,
    error_code: rejected ? `INVALID_ROW: ${row.reason ?? "the row is not usable"}` : (outcome?.error_code ?? null),
    source: outcome?.source ?? product?.provenance.title?.source ?? null,
    ...productCells(product),
  };
};
