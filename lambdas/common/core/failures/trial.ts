import * as z from "zod";
import type { BatchItem, BatchRow } from "../batches/batch-row.ts";
import { IsoTimeSchema } from "../iso-time.ts";
import { causeOfGroup, type FailureCause } from "../runs/failure-group-id.ts";
import { OWN_CODES } from "../sources/failure-codes.ts";

const Count = z.number().int().min(0);

/** How many products a trial takes: one, ten, or all that are failed, in parts that grow. */
export const TrialSizeSchema = z.union([z.literal(1), z.literal(10), z.literal("all")]);
export type TrialSize = z.infer<typeof TrialSizeSchema>;

/**
 * - `running`: products are tried, or the next part is due.
 * - `done`: it came to its end, and the group did not come back.
 * - `came_back`: it stopped, because the group came back.
 * - `stopped`: somebody stopped it.
 */
export const TrialStateSchema = z.enum(["running", "done", "came_back", "stopped"]);
export type TrialState = z.infer<typeof TrialStateSchema>;

/** What came of tried products. */
export const TrialCountsSchema = z.object({
  healed: Count,
  /** Failed again for the same cause. */
  failed_again: Count,
  /** Failed for another one, or cancelled with their run. */
  ended_otherwise: Count,
  pending: Count,
});
export type TrialCounts = z.infer<typeof TrialCountsSchema>;

/** Batches of one run in which products are tried, by number; `asins`: which, until they are reopened. */
const PickSchema = z.object({
  catalog_id: z.string(),
  tracking_id: z.string(),
  owner_id: z.string(),
  batches: z.array(z.number().int().positive()),
  asins: z.array(z.string()).optional(),
});
export type Pick = z.infer<typeof PickSchema>;

/** Where a search for failed products is: in this run, after this product; null: at its end. */
export const SearchPlaceSchema = z.object({ tracking_id: z.string(), product_key: z.string().nullable() });
export type SearchPlace = z.infer<typeof SearchPlaceSchema>;

/** A trial of a failure group, as its row keeps it. */
export const TrialSchema = z.object({
  trial_id: z.string(),
  size: TrialSizeSchema,
  started_by: z.string(),
  started_at: IsoTimeSchema,
  finished_at: IsoTimeSchema.nullable(),
  state: TrialStateSchema,
  /** The part under way, or the last one. `picked`: its products are being reopened; `watched`: their outcomes come in. */
  part: z
    .object({ number: z.number().int().positive(), phase: z.enum(["picked", "watched"]), picks: z.array(PickSchema) })
    .nullable(),
  /** Of the parts before it. */
  before: TrialCountsSchema,
  /** Where the next part is looked for; null: at the beginning. */
  place: SearchPlaceSchema.nullable(),
  /** Products of the first part are spread over runs: in these the search continues after them. */
  spread: z.record(z.string(), z.string()),
});
export type Trial = z.infer<typeof TrialSchema>;

/** Products of the first part of a trial of all: enough to see whether the cause is gone. */
export const FIRST_PART = 10;
const GROWTH = 10;
/** Products of a part at most: what one request reopens. */
const MAX_PART = 2_000;

/** Products that the next part of a trial takes at most. */
export const partSize = ({ size, part }: Trial): number =>
  size === "all" ? Math.min(MAX_PART, FIRST_PART * GROWTH ** (part?.number ?? 0)) : size;

/** Mark of the items of a part. */
export const trialMark = ({ trial_id, part }: Trial): string => `${trial_id}.${part?.number ?? 0}`;

/** Share of the outcomes of a part from which on the group is back: a fifth may have another reason to fail. */
export const CAME_BACK_SHARE = 0.2;

const NOTHING: TrialCounts = { healed: 0, failed_again: 0, ended_otherwise: 0, pending: 0 };

/** Counts before anything was tried. */
export const noCounts = (): TrialCounts => ({ ...NOTHING });

export const addCounts = (one: TrialCounts, other: TrialCounts): TrialCounts => ({
  healed: one.healed + other.healed,
  failed_again: one.failed_again + other.failed_again,
  ended_otherwise: one.ended_otherwise + other.ended_otherwise,
  pending: one.pending + other.pending,
});

/** Products that were tried. */
export const triedOf = ({ healed, failed_again, ended_otherwise, pending }: TrialCounts): number =>
  healed + failed_again + ended_otherwise + pending;

/** Whether a failure is of a cause. */
export const isOfCause = (cause: FailureCause, failure: FailureCause): boolean =>
  failure.error_code === cause.error_code &&
  (cause.source === null || failure.source === cause.source) &&
  (cause.marketplace === null || failure.marketplace === cause.marketplace);

const kindOf = (item: BatchItem, marketplace: string, cause: FailureCause): keyof TrialCounts => {
  if (item.state === "enriched") return "healed";
  if (item.state === "pending") return "pending";
  const { error_code = OWN_CODES.INTERNAL, error_source: source = null } = item;
  const isBack = item.state === "failed" && isOfCause(cause, { error_code, source, marketplace });
  return isBack ? "failed_again" : "ended_otherwise";
};

/** What came of the products of a part, from the rows of its batches: exact, because each of its items bears its mark. */
export const countPart = (groupId: string, mark: string, rows: readonly BatchRow[]): TrialCounts => {
  const cause = causeOfGroup(groupId);
  const counts = noCounts();
  for (const { items, marketplace } of rows) {
    for (const item of items) if (item.trial === mark) counts[kindOf(item, marketplace, cause)] += 1;
  }
  return counts;
};

/**
 * Whether a part shows that the group is back: a fifth of it failed again. It is said as soon as that is certain, however
 * many are pending.
 */
export const isBack = (counts: TrialCounts): boolean =>
  counts.failed_again > 0 && counts.failed_again >= CAME_BACK_SHARE * triedOf(counts);

/**
 * The state of a trial by what came of its part. Known without a write as soon as the outcomes are in.
 * @param counts of its part; undefined: none is under way
 */
export const stateOfTrial = (trial: Trial, counts: TrialCounts | undefined): TrialState => {
  if (trial.state !== "running" || counts === undefined || trial.part?.phase !== "watched") return trial.state;
  // All of one or ten were reopened at once: there is nothing to stop, and every outcome says something.
  if (trial.size !== "all") return counts.pending > 0 ? "running" : isBack(counts) ? "came_back" : "done";
  return isBack(counts) ? "came_back" : "running";
};
