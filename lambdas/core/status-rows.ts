import * as z from "zod";
import { AsinSchema } from "./asin.ts";
import { BatchStateSchema, CatalogStateSchema, ItemStateSchema, RunStateSchema } from "./run-states.ts";
import { SourceIdSchema } from "./source-ids.ts";

const Iso = z.iso.datetime();
const Count = z.number().int().min(0);

/** How a run treats its products; fixed when it starts. */
export const RunOptionsSchema = z.object({
  /** Source to ask first; null: the stage's order. */
  provider: SourceIdSchema.nullable(),
  /** Whether later sources may fill what the first left open. */
  fallback: z.boolean(),
  /** Whether products that are still fresh are fetched again. */
  force: z.boolean(),
  include_variations: z.boolean(),
  /** Whether the products stay fresh by the daily refresh afterwards. */
  refresh_daily: z.boolean(),
  /** Products a batch, 5 to 50. */
  batch_size: z.number().int().min(5).max(50),
});
export type RunOptions = z.infer<typeof RunOptionsSchema>;

/** Products of one shop in one catalog: a segment of the NDJSON object that runs are cut from. */
export const CatalogSegmentSchema = z.object({
  marketplace: z.string(),
  /** Object key of the segment's NDJSON, one `{asin, sku?, line}` a line. */
  key: z.string(),
  /** Object key of its byte-offset index: `{every, offsets}`, the offset of each `every`-th row. */
  index_key: z.string(),
  products: Count,
});
export type CatalogSegment = z.infer<typeof CatalogSegmentSchema>;

/** What was asked for with a file that comes by its presigned address. */
export const UploadOrderSchema = z.object({
  file_name: z.string(),
  /** Both are signed: the file comes with exactly these. */
  content_type: z.string(),
  content_length: Count,
  /** Whether the products are enriched as soon as they are known. */
  enrich: z.boolean(),
  /** `auto` is resolved when the products are counted. */
  run: RunOptionsSchema.extend({ batch_size: z.union([z.literal("auto"), RunOptionsSchema.shape.batch_size]) }),
  correlation_id: z.string(),
});
export type UploadOrder = z.infer<typeof UploadOrderSchema>;

/** Who reads an uploaded file, and how far. */
export const IngestLeaseSchema = z.object({
  /** From 1, 0 before the first; every write of an attempt is conditional on it. */
  attempt: Count,
  /** Another attempt may begin after it. */
  lease_until: Iso,
  bytes_read: Count,
});
export type IngestLease = z.infer<typeof IngestLeaseSchema>;

/** Row `catalog` of `enrichment-status`: what was uploaded. */
export const CatalogRowSchema = z.object({
  catalog_id: z.string(),
  batch_id: z.literal("catalog"),
  row_type: z.literal("catalog"),
  /** Owner; key of the `by-user` index, so only catalog rows carry it under this name. */
  user_id: z.string(),
  created_at: Iso,
  name: z.string(),
  marketplace: z.string(),
  state: CatalogStateSchema,
  rows: z.object({ total: Count, valid: Count, duplicates: Count, rejected: Count, blank: Count, repaired: Count }),
  segments: z.array(CatalogSegmentSchema),
  /** Object key of every row as it was, in the order of the file, with its verdict. */
  rows_key: z.string().nullable(),
  /** Object key of the rejected rows. */
  rejects_key: z.string().nullable(),
  /** SHA-256 of the normalised products, hex; tells a second upload of the same content. */
  content_hash: z.string().nullable(),
  /** The user's own columns, in order. */
  columns: z.array(z.string()),
  /** Newest run, null before the first. */
  tracking_id: z.string().nullable(),
  /** Why ingest failed, in words with the fix; null otherwise. */
  failure: z.string().nullable(),
  deleted_at: Iso.nullable(),
  /** Present when the file came, or is to come, by its presigned address. */
  upload: UploadOrderSchema.optional(),
  ingest: IngestLeaseSchema.optional(),
  /** Keys of the sparse `due-batches` index until the file is read: when `reconcile` must look. */
  due_shard: z.string().optional(),
  due_at: Iso.optional(),
});
export type CatalogRow = z.infer<typeof CatalogRowSchema>;

/** A source that a run waits for. */
export const BlockedBySchema = z.object({
  source: SourceIdSchema.describe("The source that is waited for."),
  code: z
    .string()
    .describe("`rate`, `daily-quota`, `circuit-open`, `paused`, `not_configured` or the source's own code."),
  action: z.string().describe("What a person can do, one sentence."),
  retry_at: Iso.nullable().describe("When the source is asked again; null when only a person can help."),
});
export type BlockedBy = z.infer<typeof BlockedBySchema>;

/** Exclusive right to send batches `from` to `to` (1-based, inclusive) of a run; void after `expires_at`. */
export const DispatchClaimSchema = z.object({ owner: z.string(), from: Count, to: Count, expires_at: Iso });
export type DispatchClaim = z.infer<typeof DispatchClaimSchema>;

/**
 * Row `<tracking_id>` of `enrichment-status`: one pass over all of a catalog's products.
 * At every moment `uploaded = enriched + failed + pending + cancelled`.
 */
export const RunRowSchema = z.object({
  catalog_id: z.string(),
  batch_id: z.string(),
  row_type: z.literal("run"),
  /** The user; not named `user_id`, so that the row stays out of the `by-user` index. */
  owner_id: z.string(),
  created_at: Iso,
  /** Key of the sparse `open-runs` index; absent once the run is closed. */
  open_shard: z.string().optional(),
  state: RunStateSchema,
  options: RunOptionsSchema,
  correlation_id: z.string(),
  uploaded: Count,
  pending: Count,
  enriched: Count,
  failed: Count,
  cancelled: Count,
  from_cache: Count,
  incomplete: Count,
  by_source: z.record(z.string(), Count),
  failure_counts: z.record(z.string(), Count),
  /** Rises by one with every committed change of the counts. */
  sequence: Count,
  batches: Count,
  /** Batches written and sent so far; batch numbers up to here exist. */
  dispatched: Count,
  /** Batches in an end state. */
  settled: Count,
  /** Pending products that are parked, as their items say; absent in rows of older versions: none. */
  parked: Count.optional(),
  /** Those of them that wait for the source which is to serve them first. */
  parked_first: Count.optional(),
  claim: DispatchClaimSchema.optional(),
  /** Batches that will never be sent, because the run was cancelled first; their products are counted cancelled. */
  dropped: Count.optional(),
  blocked_by: z.array(BlockedBySchema),
  /** Request that last paused, resumed or cancelled it: a repeat of that request is told by it. */
  turned_by: z.string().optional(),
  /** Where the segments were when the run began; later uploads do not move it. */
  segments: z.array(CatalogSegmentSchema),
  express: z.boolean(),
  started_at: Iso.nullable(),
  finished_at: Iso.nullable(),
  /** Last time that the counts or the claim moved. */
  updated_at: Iso,
});
export type RunRow = z.infer<typeof RunRowSchema>;

/** What a parked product waits for: the source that is to serve it first, or a later one that fills in what is missing. */
export const ParkedSchema = z.enum(["first", "later"]);
export type Parked = z.infer<typeof ParkedSchema>;

/** One product of a batch. */
export const BatchItemSchema = z.object({
  asin: AsinSchema,
  sku: z.string().optional(),
  state: ItemStateSchema,
  /** Source that gave the product, when enriched. */
  source: SourceIdSchema.optional(),
  from_cache: z.boolean().optional(),
  incomplete: z.boolean().optional(),
  error_code: z.string().optional(),
  /** Failures held against this product that may pass; at most 3 are retried. */
  attempts: Count,
  /** Calls of several ids that failed as a whole with this product in them; it is then asked in smaller company. */
  suspicions: Count.optional(),
  /** Not before this time. */
  next_attempt_at: Iso.optional(),
  /** Set while it waits for a source for long; changed only with the run's counts, never by time alone. */
  parked: ParkedSchema.optional(),
  /** Whether it already waited once for company in a fuller call. */
  waited: z.boolean().optional(),
  /** Whether it had failed and a retry reopened it; its failure row is closed when it ends well. */
  reopened: z.boolean().optional(),
  /** When that was: what sources said before it is not believed any more. */
  reopened_at: Iso.optional(),
});
export type BatchItem = z.infer<typeof BatchItemSchema>;

/** Row `<tracking_id>#0000001`: the work itself. Messages only wake it. */
export const BatchRowSchema = z.object({
  catalog_id: z.string(),
  batch_id: z.string(),
  row_type: z.literal("batch"),
  tracking_id: z.string(),
  number: z.number().int().positive(),
  owner_id: z.string(),
  marketplace: z.string(),
  correlation_id: z.string(),
  state: BatchStateSchema,
  items: z.array(BatchItemSchema).min(1).max(50),
  /** Newest wake-up that may work on the row. */
  generation: z.number().int().positive(),
  lease_owner: z.string().optional(),
  lease_until: Iso.optional(),
  /** Rises with every write; every write is conditional on it. */
  version: Count,
  /** Keys of the sparse `due-batches` index: when `reconcile` must look, absent once settled. */
  due_shard: z.string().optional(),
  due_at: Iso.optional(),
  /** Whether nothing is to wake it before `due_at`, whatever its products say: it is not late then. */
  planned: z.boolean().optional(),
  /** Resends by `reconcile` since somebody last worked on it. */
  resends: Count,
  updated_at: Iso,
});
export type BatchRow = z.infer<typeof BatchRowSchema>;

/** Sort key of batch `number` (from 1) of a run. */
export const batchId = (trackingId: string, number: number): string =>
  `${trackingId}#${String(number).padStart(7, "0")}`;
