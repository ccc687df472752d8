import { RESERVED_SHARE } from "../../../lambdas/common/core/limiter/day/day-caps.ts";
import { asinSeries } from "../e2e/asins.ts";
import { waitFor } from "../e2e/wait-for.ts";
import type { Act } from "./acts.ts";

/** Longest wait for a breaker to open or a day to be used up, and for a run to say so. */
const BREAK_SECONDS = 160;
/** More than the last calls of the day can bring, and not express. */
const DAY_PRODUCTS = 160;
/** Units that bulk work finds left of a day that is about to be used up. */
const LAST_UNITS = 8;

/**
 * Bulk work uses up the day, and a run says that it waits for the next; then that comes.
 * @param unitsADay of the stage and of the simulator
 */
export const dayEnds = (unitsADay: number): Act => ({
  name: "days used up",
  play: async ({ deployed, upstream, upload, watcher, strike }) => {
    let others = 0;
    let left = 0;
    let granted = 0;
    // As if somebody else had used the allowance until now: what is kept for those who wait in person stays.
    await deployed.limits.change((item) => {
      const bulk = unitsADay - Math.floor(unitsADay * RESERVED_SHARE);
      others = Math.max(0, bulk - LAST_UNITS - item.calls_used);
      left = unitsADay - item.calls_used - others;
      granted = item.units_granted;
      return { ...item, calls_used: item.calls_used + others };
    });
    // The simulator refuses every call beyond.
    await upstream.set({ calls_per_day: granted + left });
    void upload(0, "on a day that ends", asinSeries("CHDY", DAY_PRODUCTS));
    await waitFor(
      "a run that waits for the next day",
      async () => watcher.latest,
      (runs) =>
        runs.some(({ state, blocked_by }) => state === "waiting_for_source" && blocked_by[0]?.code === "daily-quota"),
      BREAK_SECONDS,
    );
    strike("days used up");
    await upstream.set({ calls_per_day: unitsADay });
    // All real use counts in this quarter hour: earlier ones may hold what was only made up.
    await deployed.limits.change((item) => ({ ...item, calls_used: item.calls_used - others, day_history: "" }));
  },
});

/** The upstream goes away until its breaker is open and a run says that it waits for it, and comes back. */
export const upstreamDies: Act = {
  name: "upstream outages",
  play: async ({ upstream, deployed, watcher, upload, strike }) => {
    await upstream.set({ outage: 503 });
    // Nothing else may need the upstream by now.
    void upload(2, "while the upstream is dead", asinSeries("CHUP", 120));
    await waitFor(
      "an open breaker",
      () => deployed.limits.read(),
      (item) => item?.breaker === "open",
      BREAK_SECONDS,
    );
    await waitFor(
      "a run that waits for the source",
      async () => watcher.latest,
      (runs) =>
        runs.some(({ state, blocked_by }) => state === "waiting_for_source" && blocked_by[0]?.code === "circuit-open"),
      BREAK_SECONDS,
    );
    strike("upstream outages");
    await upstream.set({ outage: false });
  },
};
