import type { BatchItem, BatchRow } from "../batches/batch-row.ts";
import { OWN_CODES } from "../sources/failure-codes.ts";
import { failureGroupId } from "./failure-group-id.ts";

type BatchItems = Pick<BatchRow, "items" | "marketplace">;

/** How the counts of a run change when one of its batches does. Signed; zero where nothing moves. */
export interface RunDelta {
  pending: number;
  enriched: number;
  failed: number;
  cancelled: number;
  from_cache: number;
  incomplete: number;
  /** Batches that reached an end state (+1) or were reopened (−1). */
  settled: number;
  parked: number;
  parked_first: number;
  by_source: Record<string, number>;
  failure_counts: Record<string, number>;
  failure_groups: Record<string, number>;
}

const empty = (): RunDelta => ({
  pending: 0,
  enriched: 0,
  failed: 0,
  cancelled: 0,
  from_cache: 0,
  incomplete: 0,
  settled: 0,
  parked: 0,
  parked_first: 0,
  by_source: {},
  failure_counts: {},
  failure_groups: {},
});

const bump = (counts: Record<string, number>, key: string, by: number): void => {
  const next = (counts[key] ?? 0) + by;
  if (next === 0) delete counts[key];
  else counts[key] = next;
};

const count = (delta: RunDelta, item: BatchItem, marketplace: string, sign: 1 | -1): void => {
  delta[item.state] += sign;
  if (item.state === "pending" && item.parked) {
    delta.parked += sign;
    if (item.parked === "first") delta.parked_first += sign;
  }
  if (item.state === "enriched") {
    if (item.from_cache) delta.from_cache += sign;
    if (item.incomplete) delta.incomplete += sign;
    if (item.source) bump(delta.by_source, item.source, sign);
  }
  if (item.state === "failed") {
    const { error_code = OWN_CODES.INTERNAL, error_source: source = null } = item;
    bump(delta.failure_counts, error_code, sign);
    bump(delta.failure_groups, failureGroupId({ error_code, source, marketplace }), sign);
  }
};

const isSettled = (items: readonly BatchItem[]): boolean => items.every((item) => item.state !== "pending");

/**
 * Adds up what a set of batches changes in their run, from their items before and after. Because the run's counts
 * move by exactly this, in the same transaction, `uploaded = enriched + failed + pending + cancelled` always holds.
 */
export const runDelta = (changes: readonly { readonly before: BatchItems; readonly after: BatchItems }[]): RunDelta => {
  const delta = empty();
  for (const { before, after } of changes) {
    for (const item of before.items) count(delta, item, before.marketplace, -1);
    for (const item of after.items) count(delta, item, after.marketplace, 1);
    delta.settled += Number(isSettled(after.items)) - Number(isSettled(before.items));
  }
  return delta;
};

/** Says whether a delta would change anything of a run. */
export const isNoChange = (delta: RunDelta): boolean =>
  delta.pending === 0 &&
  delta.enriched === 0 &&
  delta.failed === 0 &&
  delta.cancelled === 0 &&
  delta.from_cache === 0 &&
  delta.incomplete === 0 &&
  delta.settled === 0 &&
  delta.parked === 0 &&
  delta.parked_first === 0 &&
  Object.keys(delta.by_source).length === 0 &&
  Object.keys(delta.failure_counts).length === 0 &&
  Object.keys(delta.failure_groups).length === 0;
