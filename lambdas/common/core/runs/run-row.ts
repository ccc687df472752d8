import * as z from "zod";
import { CatalogSegmentSchema } from "../catalogs/catalog-segment.ts";
import { RunOptionsSchema } from "../catalogs/run-options.ts";
import { RunUsageSchema } from "../cost/run-usage.ts";
import { IsoTimeSchema } from "../iso-time.ts";
import { BlockedBySchema } from "../sources/blocked-by.ts";
import { RunStateSchema } from "./run-states.ts";
import { UnrecordedSchema } from "./unrecorded.ts";

const Count = z.number().int().min(0);

/** Exclusive right to send batches `from` to `to` (1-based, inclusive) of a run; void after `expires_at`. */
export const DispatchClaimSchema = z.object({ owner: z.string(), from: Count, to: Count, expires_at: IsoTimeSchema });
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
  created_at: IsoTimeSchema,
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
  /** Failed products by failure group. Absent in runs of older versions, which keep to `failure_counts` alone. */
  failure_groups: z.record(z.string(), Count).optional(),
  /** When each of these groups had its first product of the run, and when its last one came. */
  failure_firsts: z.record(z.string(), IsoTimeSchema).optional(),
  failure_lasts: z.record(z.string(), IsoTimeSchema).optional(),
  /** Key of the sparse `failing-runs` index: the owner, once a product failed; absent where none is left. */
  failing_owner_id: z.string().optional(),
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
  /** Limit keys whose open breaker held products of it up, until `wakeHeld` finds none that wait. Absent in rows of older versions. */
  held: z.record(z.string(), z.literal(true)).optional(),
  /** Rises with every record of products that such a breaker holds up, and never falls. */
  holds: Count.optional(),
  claim: DispatchClaimSchema.optional(),
  /** Batches that will never be sent, because the run was cancelled first; their products are counted cancelled. */
  dropped: Count.optional(),
  blocked_by: z.array(BlockedBySchema),
  /** Work that was begun and of which nothing is recorded; absent once anything is. */
  unrecorded: UnrecordedSchema.optional(),
  /** Request that last paused, resumed or cancelled it: a repeat of that request is recognised by it. */
  turned_by: z.string().optional(),
  /** Where the segments were when the run began; later uploads do not move it. */
  segments: z.array(CatalogSegmentSchema),
  express: z.boolean(),
  started_at: IsoTimeSchema.nullable(),
  finished_at: IsoTimeSchema.nullable(),
  /** Last time that the counts or the claim moved. */
  updated_at: IsoTimeSchema,
  ...RunUsageSchema.shape,
});
export type RunRow = z.infer<typeof RunRowSchema>;
