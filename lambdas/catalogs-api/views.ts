import { AsinSchema } from "../core/asin.ts";
import { EstimateSchema } from "../core/estimate.ts";
import { ProductSchema } from "../core/product.ts";
import { BatchStateSchema, CatalogStateSchema, ItemStateSchema } from "../core/run-states.ts";
import { CatalogStatusSchema } from "../core/run-status.ts";
import { SourceIdSchema } from "../core/source-ids.ts";
import type { CatalogRow, RunRow } from "../core/status-rows.ts";
import * as z from "../platform/http/openapi-zod.ts";

const Count = z.number().int().min(0);

/** One row that was not accepted. */
export const RejectedRowSchema = z
  .object({ line: z.number().int().min(1), value: z.string(), reason: z.string() })
  .openapi("RejectedRow");

/** Rejected rows that a report shows; the others are on `GET /catalogs/{id}/rejected`. */
export const MOST_REJECTED_ROWS = 100;

/** Rejected rows of an upload: how many, and the first of them. */
export const RejectedSchema = z.object({ count: Count, rows: z.array(RejectedRowSchema).max(MOST_REJECTED_ROWS) });

const NamedEstimateSchema = EstimateSchema.meta({ id: "Estimate" });

/** Answer to an upload and to `enrich`. */
export const UploadReportSchema = z
  .object({
    message: z.string(),
    /** Null on a dry run. */
    catalog_id: z.string().nullable(),
    /** Null when no run was started. */
    tracking_id: z.string().nullable(),
    total_products: Count,
    total_batches: Count,
    batch_size: z.number().int(),
    duplicates: Count,
    rejected: RejectedSchema,
    /** Null when no configured source serves these products. */
    estimate: NamedEstimateSchema.nullable(),
  })
  .openapi("UploadReport");
export type UploadReport = z.infer<typeof UploadReportSchema>;

/** One catalog in lists and on its own. */
export const CatalogViewSchema = z
  .object({
    catalog_id: z.string(),
    name: z.string(),
    marketplace: z.string(),
    state: CatalogStateSchema,
    created_at: z.iso.datetime(),
    total_products: Count,
    duplicates: Count,
    rejected: Count,
    /** Rows whose lost leading zeros were put back. */
    repaired: Count,
    blank_rows: Count,
    columns: z.array(z.string()),
    /** Products by shop. */
    marketplaces: z.array(z.object({ marketplace: z.string(), products: Count })),
    /** Newest run; null before the first. */
    tracking_id: z.string().nullable(),
    /** Counts of the newest run; null before the first. */
    counts: z.object({ pending: Count, enriched: Count, failed: Count, cancelled: Count }).nullable(),
    /** Why ingest failed; null otherwise. */
    failure: z.string().nullable(),
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
    batch_id: z.string(),
    /** From 1. */
    number: z.number().int().positive(),
    state: BatchStateSchema,
    marketplace: z.string(),
    products: Count,
    counts: z.object({ pending: Count, enriched: Count, failed: Count, cancelled: Count }),
    /** Wake-ups so far. */
    generation: z.number().int().positive(),
    updated_at: z.iso.datetime(),
  })
  .openapi("Batch");

/** One product of a catalog with how it fared in the newest run. */
export const CatalogProductSchema = z
  .object({
    asin: AsinSchema,
    sku: z.string().nullable(),
    marketplace: z.string(),
    state: ItemStateSchema,
    /** Null unless it failed. */
    error_code: z.string().nullable(),
    /** Source that gave it; null unless it is enriched. */
    source: SourceIdSchema.nullable(),
    /** What is stored of it; null when nothing is. */
    product: ProductSchema.meta({ id: "Product" }).nullable(),
  })
  .openapi("CatalogProduct");
export type CatalogProduct = z.infer<typeof CatalogProductSchema>;

/** `CatalogStatusSchema` under its name in the OpenAPI document. */
export const NamedStatusSchema = CatalogStatusSchema.meta({ id: "CatalogStatus" });
