import { isoTime } from "../../core/clock.ts";
import { HOUR_MS } from "../../core/durations.ts";
import { hoursBetween } from "../../core/licences/content-end.ts";
import { type BucketSummary, endedIn, ShopCounts } from "../../core/refresh/bucket-summary.ts";
import { isDue, shopOf } from "../../core/refresh/due-product.ts";
import type { RefreshState } from "../../core/refresh/refresh-state.ts";
import type { PlanDeps } from "./plan-deps.ts";

/** How far ahead the ledger of ends is read: what is 20 hours old ends within so long. */
const AHEAD_MS = 4 * HOUR_MS;
const ROWS_PER_READ = 100;
/** Keys of a bucket read with one Query. */
const KEYS_PER_READ = 1_000;
const HOURS = 24;

type FindDeps = Pick<PlanDeps, "ends" | "keys" | "states" | "shops" | "plans" | "clock">;

/** The times of those of some products that may be fetched. What is of a shop that is switched off would take the calls of others. */
const readStates = async ({ states, shops }: FindDeps, keys: readonly string[]): Promise<RefreshState[]> => {
  const { disabled } = await shops();
  return states.read(keys.filter((key) => !disabled.has(shopOf(key))));
};

/** Adds the due ones of some products. */
const addDue = (found: Map<string, RefreshState>, states: readonly RefreshState[], nowMs: number): void => {
  for (const state of states) if (isDue(state, nowMs)) found.set(state.key, state);
};

/** Due products of which something ends within four hours, by the ledger of ends. What was fetched since is not due. */
export const endingSoon = async (deps: FindDeps): Promise<Map<string, RefreshState>> => {
  const nowMs = deps.clock.now();
  const until = isoTime(nowMs + AHEAD_MS);
  const keys = new Set<string>();
  let place = isoTime(nowMs);
  for (const hour of hoursBetween(nowMs, nowMs + AHEAD_MS)) {
    for (let hasMore = true; hasMore; ) {
      const part = await deps.ends.list(hour, place, until, ROWS_PER_READ);
      for (const { content } of part.due) {
        if (content?.kind === "products") for (const key of content.product_keys) keys.add(key);
      }
      place = part.due.at(-1)?.place ?? place;
      ({ hasMore } = part);
    }
  }
  const found = new Map<string, RefreshState>();
  addDue(found, await readStates(deps, [...keys]), nowMs);
  return found;
};

/** Due products of one bucket. What the whole bucket holds is noted for the forecast. */
export const dueInBucket = async (deps: FindDeps, bucket: number): Promise<Map<string, RefreshState>> => {
  const nowMs = deps.clock.now();
  const found = new Map<string, RefreshState>();
  const counts = new ShopCounts();
  let after: string | undefined;
  do {
    const { keys, next } = await deps.keys.list({ bucket, ...(after === undefined ? {} : { after }) }, KEYS_PER_READ);
    const states = await readStates(deps, keys);
    addDue(found, states, nowMs);
    for (const { key, endsAtMs } of states) counts.add(shopOf(key), endsAtMs, nowMs);
    after = next?.bucket === bucket ? next.after : undefined;
  } while (after !== undefined);
  await deps.plans.saveBucket({ bucket, as_of: isoTime(nowMs), shops: counts.shops });
  return found;
};

/** Further buckets to search, those with the most products that had ended first; all of them when a person asks. */
export const furtherBuckets = (
  summaries: readonly BucketSummary[],
  { current, all }: { readonly current: number; readonly all: boolean },
): number[] => {
  const others = Array.from({ length: HOURS }, (_, bucket) => bucket).filter((bucket) => bucket !== current);
  const byBucket = new Map(summaries.map((summary) => [summary.bucket, endedIn(summary)]));
  const ended = (bucket: number): number => byBucket.get(bucket) ?? 0;
  const wanted = all ? others : others.filter((bucket) => ended(bucket) > 0);
  return wanted.toSorted((a, b) => ended(b) - ended(a));
};
