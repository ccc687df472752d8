import * as z from "zod";
import { IsoTimeSchema } from "../iso-time.ts";
import { CATALOG_KEY } from "./catalog-key.ts";
import { CatalogSegmentSchema } from "./catalog-segment.ts";
import { CatalogStateSchema } from "./catalog-states.ts";
import { UploadRequestSchema } from "./upload-request.ts";

const Count = z.number().int().min(0);

/** Who reads an uploaded file, and how far. */
export const IngestLeaseSchema = z.object({
  /** From 1, 0 before the first; every write of an attempt is conditional on it. */
  attempt: Count,
  /** Names the one who began it. It distinguishes a repeat of the beginning, after its answer was lost, from another reader. */
  reader: z.string().optional(),
  /** Another attempt may begin after it. */
  lease_until: IsoTimeSchema,
  bytes_read: Count,
});
export type IngestLease = z.infer<typeof IngestLeaseSchema>;

/** Row `catalog` of `enrichment-status`: what was uploaded. */
export const CatalogRowSchema = z.object({
  catalog_id: z.string(),
  batch_id: z.literal(CATALOG_KEY),
  row_type: z.literal("catalog"),
  /** Owner; key of the `by-user` index, so only catalog rows carry it under this name. */
  user_id: z.string(),
  created_at: IsoTimeSchema,
  name: z.string(),
  marketplace: z.string(),
  state: CatalogStateSchema,
  rows: z.object({ total: Count, valid: Count, duplicates: Count, rejected: Count, blank: Count, repaired: Count }),
  segments: z.array(CatalogSegmentSchema),
  /** Object key of every row as it was, in the order of the file, with its verdict. */
  rows_key: z.string().nullable(),
  /** Object key of the rejected rows. */
  rejects_key: z.string().nullable(),
  /** SHA-256 of the normalised products, hex; identifies a second upload of the same content. */
  content_hash: z.string().nullable(),
  /** The user's own columns, in order. */
  columns: z.array(z.string()),
  /** What the user should know about how the file was taken; absent when there is nothing. */
  notes: z.array(z.string()).optional(),
  /** Newest run, null before the first. */
  tracking_id: z.string().nullable(),
  /** Why ingest failed, in words with the fix; null otherwise. */
  failure: z.string().nullable(),
  deleted_at: IsoTimeSchema.nullable(),
  /** Present when the file came, or is to come, by its presigned address. */
  upload: UploadRequestSchema.optional(),
  ingest: IngestLeaseSchema.optional(),
  /** Keys of the sparse `due-batches` index until the file is read: when `reconcile` must check it. */
  due_shard: z.string().optional(),
  due_at: IsoTimeSchema.optional(),
});
export type CatalogRow = z.infer<typeof CatalogRowSchema>;
