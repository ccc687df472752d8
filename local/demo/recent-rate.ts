/** The time span of the rate. Results come in steps of up to ten batches, many seconds apart; this smooths them. */
const WINDOW_MS = 30_000;

/** Products a second over the last thirty seconds. */
export interface RecentRate {
  /** Notes that `done` products were done at `nowMs`, and gives the rate; null in the first second. */
  add(nowMs: number, done: number): number | null;
}

/** Starts measuring. */
export const createRecentRate = (): RecentRate => {
  const seen: { at: number; done: number }[] = [];
  return {
    add: (at, done) => {
      seen.push({ at, done });
      while (seen.length > 2 && at - (seen[0]?.at ?? at) > WINDOW_MS) seen.shift();
      const first = seen[0];
      if (!first || at - first.at < 1_000) return null;
      return ((done - first.done) * 1000) / (at - first.at);
    },
  };
};
