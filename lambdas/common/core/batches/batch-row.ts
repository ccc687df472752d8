import * as z from "zod";
import { ItemRequestSchema } from "../catalogs/item-request.ts";
import { IsoTimeSchema } from "../iso-time.ts";
import { AsinSchema } from "../products/asin.ts";
import { SourceIdSchema } from "../source-ids.ts";
import { BatchStateSchema, ItemStateSchema } from "./batch-states.ts";

const Count = z.number().int().min(0);

/** What a parked product waits for: the source that is to serve it first, or a later one that fills in what is missing. */
export const ParkedSchema = z.enum(["first", "later"]);
export type Parked = z.infer<typeof ParkedSchema>;

/** The queues that batches are sent by. */
export const BatchQueueNameSchema = z.enum(["bulk", "express"]);
export type BatchQueueName = z.infer<typeof BatchQueueNameSchema>;

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
  /** Source whose failure that is; absent where it is no source's. */
  error_source: SourceIdSchema.optional(),
  /** Failures held against this product that may pass; at most 3 are retried. */
  attempts: Count,
  /** Calls of several ids that failed as a whole with this product in them; it is then asked in smaller company. */
  suspicions: Count.optional(),
  /** Not before this time. */
  next_attempt_at: IsoTimeSchema.optional(),
  /** Set while it waits for a source for long; changed only with the run's counts, never by time alone. */
  parked: ParkedSchema.optional(),
  /** Limit keys whose open breaker it waits for: it is made due as soon as one of them closes. */
  held_by: z.array(z.string()).optional(),
  /** Whether it already waited once for company in a fuller call. */
  waited: z.boolean().optional(),
  /** Whether it had failed and a retry reopened it; its failure row is closed when it ends well. */
  reopened: z.boolean().optional(),
  /** When that was: what sources said before it is not believed any more. */
  reopened_at: IsoTimeSchema.optional(),
  /** Mark of the trial of a failure group that reopened it last; absent: no trial did. */
  trial: z.string().optional(),
  request: ItemRequestSchema.optional(),
});
export type BatchItem = z.infer<typeof BatchItemSchema>;

/** Row `<tracking_id>#0000001`: the work itself. Messages only point to it. */
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
  /** Generation of the newest message that may work on the row. */
  generation: z.number().int().positive(),
  lease_owner: z.string().optional(),
  lease_until: IsoTimeSchema.optional(),
  /** Rises with every write; every write is conditional on it. */
  version: Count,
  /** Keys of the sparse `due-batches` index: when `reconcile` must check it, absent once settled. */
  due_shard: z.string().optional(),
  due_at: IsoTimeSchema.optional(),
  /** Whether no message is due for it before `due_at`, whatever its products say: it is not late then. */
  planned: z.boolean().optional(),
  /**
   * The queue that it was first sent by, and is sent by again: not all of an express run goes by the express queue. Absent
   * in rows of older versions: that of its run.
   */
  queue: BatchQueueNameSchema.optional(),
  /** Whether its run asks for colour variants too. Absent: no. */
  include_variations: z.literal(true).optional(),
  /** When the work began that the last record is of; its time is `updated_at`. Absent before the first. */
  work_began_at: IsoTimeSchema.optional(),
  /** Resends by `reconcile` since somebody last worked on it. */
  resends: Count,
  updated_at: IsoTimeSchema,
});
export type BatchRow = z.infer<typeof BatchRowSchema>;

/** Tracking id of the run that a batch belongs to. */
export const runOfBatch = (id: string): string => id.slice(0, id.lastIndexOf("#"));

/** Sort key of batch `number` (from 1) of a run. */
export const batchId = (trackingId: string, number: number): string =>
  `${trackingId}#${String(number).padStart(7, "0")}`;
