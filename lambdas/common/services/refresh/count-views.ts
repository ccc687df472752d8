import type { RefreshDemand } from "../../adapters/dynamodb/refresh-demand/refresh-demand.ts";
import type { Clock } from "../../core/clock.ts";
import { HOUR_MS } from "../../core/durations.ts";
import { errorWords } from "../../core/error-words.ts";
import type { Log } from "../../platform/logger.ts";

/** Products of an hour that one instance remembers; beyond it the table's own condition keeps a view to one an hour. */
const MAX_REMEMBERED = 10_000;

/** What counting views works with. */
export interface ViewDeps {
  readonly demand: Pick<RefreshDemand, "countViews">;
  readonly clock: Pick<Clock, "now">;
  readonly log: Pick<Log, "warn">;
  /** From 0 to less than 1. @default Math.random */
  readonly random?: () => number;
}

/** Counts that somebody read products. Losing a count must not cost an answer. */
export type CountViews = (keys: readonly string[]) => Promise<void>;

/**
 * Builds the counter of one instance: a product costs at most one small write an hour.
 * @param oneIn counts only every so-manieth product, with as much weight, for readers of very many. @default 1
 */
export const createCountViews = ({ demand, clock, log, random = Math.random }: ViewDeps, oneIn = 1): CountViews => {
  let hour = -1;
  const counted = new Set<string>();
  return async (keys) => {
    const nowMs = clock.now();
    const present = Math.floor(nowMs / HOUR_MS);
    if (present !== hour) counted.clear();
    hour = present;
    const fresh = [...new Set(keys)].filter((key) => !counted.has(key));
    const chosen = oneIn === 1 ? fresh : fresh.filter(() => random() * oneIn < 1);
    if (counted.size + fresh.length <= MAX_REMEMBERED) for (const key of fresh) counted.add(key);
    if (chosen.length === 0) return;
    try {
      await demand.countViews(chosen, nowMs, oneIn);
    } catch (error) {
      log.warn("views not counted for the refresh", { products: chosen.length, error: errorWords(error) });
    }
  };
};
