import { BatchStateSchema, ItemStateSchema } from "../core/batches/batch-states.ts";
import type { CatalogRow } from "../core/catalogs/catalog-row.ts";
import { CatalogStateSchema } from "../core/catalogs/catalog-states.ts";
import { EstimateSchema } from "../core/estimates/estimate.ts";
import { AsinSchema } from "../core/products/asin.ts";
import { ProductSchema } from "../core/products/product.ts";
import { ItemCountsSchema } from "../core/runs/item-counts.ts";
import type { RunRow } from "../core/runs/run-row.ts";
import { CatalogStatusSchema } from "../core/runs/run-status.ts";
import { SourceIdSchema } from "../core/source-ids.ts";
import * as z from "../platform/http/openapi-zod.ts";
import { orNull } from "../platform/http/route-parts.ts";

const Count = z.number().int().min(0);

/** One row that was not accepted. */
export const RejectedRowSchema = z
  .object({
    line: z.number().int().min(1).describe("Line of the file on which the row starts, from 1."),
    value: z.string().describe("The text that was refused, its first 100 characters."),
    reason: z.string().describe("Why, in plain words with the fix."),
  })
  .openapi("RejectedRow");

/** Rejected rows that a report shows. */
export const MAX_REJECTED_ROWS = 100;

/** Rejected rows of an upload: how many, and the first of them. */
export const RejectedSchema = z.object({
  count: Count.describe("Rows that were not accepted."),
  rows: z
    .array(RejectedRowSchema)
    .max(MAX_REJECTED_ROWS)
    .describe("The first 100 of them; the others are on `GET /catalogs/{id}/rejected`."),
});

/** `EstimateSchema` under its name in the OpenAPI document. */
export const NamedEstimateSchema = EstimateSchema.meta({ id: "Estimate" });

/** Answer to an upload and to `enrich`. */
export const UploadReportSchema = z
  .object({
    message: z.string().describe("What was done, in words."),
    catalog_id: z.string().nullable().describe("The new catalog; null on a dry run."),
    tracking_id: z.string().nullable().describe("The run; null when none was started."),
    total_products: Count.describe("Distinct products."),
    total_batches: Count.describe("Batches that a run cuts them into."),
    batch_size: z.number().int().describe("Products a batch, 5 to 50."),
    duplicates: Count.describe("Rows dropped because their product was there already."),
    rejected: RejectedSchema.describe("Rows that were not accepted."),
    estimate: orNull(
      NamedEstimateSchema,
      "What enriching takes: calls, time, money; null when no configured source serves these products.",
    ),
  })
  .openapi("UploadReport");
export type UploadReport = z.infer<typeof UploadReportSchema>;

/** One catalog in lists and on its own. */
export const CatalogViewSchema = z
  .object({
    catalog_id: z.string().describe("Id of the catalog: `cat_` and 16 characters."),
    name: z.string().describe("The name given with the upload, else that of the file, else the time of the upload."),
    marketplace: z.string().describe("Shop of rows that name none, such as www.amazon.com."),
    state: CatalogStateSchema.describe("Where the newest run stands; before the first, where the catalog does."),
    created_at: z.iso.datetime().describe("When it was uploaded."),
    total_products: Count.describe("Distinct products."),
    duplicates: Count.describe("Rows dropped because their product was there already."),
    rejected: Count.describe("Rows that were not accepted; see `GET /catalogs/{id}/rejected`."),
    repaired: Count.describe("Rows whose lost leading zeros were put back."),
    blank_rows: Count.describe("Rows with nothing in them."),
    columns: z.array(z.string()).describe("The upload's own columns, in order."),
    marketplaces: z
      .array(
        z.object({
          marketplace: z.string().describe("The shop, such as www.amazon.de."),
          products: Count.describe("Distinct products in this shop."),
        }),
      )
      .describe("Products by shop."),
    tracking_id: z.string().nullable().describe("Newest run; null before the first."),
    counts: ItemCountsSchema.nullable().describe("Products of the newest run by state; null before the first."),
    failure: z.string().nullable().describe("Why the file could not be read; null otherwise."),
  })
  .openapi("Catalog");
export type CatalogView = z.infer<typeof CatalogViewSchema>;

/** Shows a catalog with its newest run, without object keys or owner. */
export const catalogView = (catalog: CatalogRow, run: RunRow | undefined): CatalogView => ({
  catalog_id: catalog.catalog_id,
  name: catalog.name,
  marketplace: catalog.marketplace,
  state: run?.state ?? catalog.state,
  created_at: catalog.created_at,
  total_products: catalog.rows.valid,
  duplicates: catalog.rows.duplicates,
  rejected: catalog.rows.rejected,
  repaired: catalog.rows.repaired,
  blank_rows: catalog.rows.blank,
  columns: catalog.columns,
  marketplaces: catalog.segments.map(({ marketplace, products }) => ({ marketplace, products })),
  tracking_id: run?.batch_id ?? catalog.tracking_id,
  counts: run ? { pending: run.pending, enriched: run.enriched, failed: run.failed, cancelled: run.cancelled } : null,
  failure: catalog.failure,
});

/** One batch of a run. */
export const BatchViewSchema = z
  .object({
    batch_id: z.string().describe("Id of the batch: that of the run, `#` and the number."),
    number: z.number().int().positive().describe("Place in the run, from 1."),
    state: BatchStateSchema.describe("Where the batch stands."),
    marketplace: z.string().describe("Shop of all its products."),
    products: Count.describe("Products in it."),
    counts: ItemCountsSchema.describe("Its products by state."),
    generation: z.number().int().positive().describe("Wake-ups so far."),
    updated_at: z.iso.datetime().describe("When it last changed."),
  })
  .openapi("Batch");

/** One product of a catalog with how it fared in the newest run. */
export const CatalogProductSchema = z
  .object({
    asin: AsinSchema.describe("The product."),
    sku: z.string().nullable().describe("Your own number for it, as uploaded; null when the row has none."),
    marketplace: z.string().describe("Its shop, such as www.amazon.de."),
    state: ItemStateSchema.describe("How it fared in the newest run; `pending` before the first."),
    error_code: z.string().nullable().describe("Why it failed; null unless it did."),
    source: SourceIdSchema.nullable().describe("Source that gave it; null unless it is enriched."),
    product: orNull(ProductSchema.meta({ id: "Product" }), "What is stored of it; null when nothing is."),
  })
  .openapi("CatalogProduct");
export type CatalogProduct = z.infer<typeof CatalogProductSchema>;

/** `CatalogStatusSchema` under its name in the OpenAPI document. */
export const NamedStatusSchema = CatalogStatusSchema.meta({ id: "CatalogStatus" });
