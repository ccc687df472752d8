import type { RunRow } from "./run-row.ts";

/** A run in any other state is ended, was paused by a person, or waits for a source. */
const MOVING: ReadonlySet<RunRow["state"]> = new Set<RunRow["state"]>(["queued", "running"]);

/**
 * Products that could be worked on now: pending ones of open runs that neither a person nor a source holds up, but for
 * those that are parked. While there are any, some product ends within minutes, or the machinery stands still.
 */
export const servableProducts = (runs: readonly Pick<RunRow, "state" | "pending" | "parked">[]): number =>
  runs
    .filter(({ state }) => MOVING.has(state))
    .reduce((sum, { pending, parked = 0 }) => sum + Math.max(0, pending - parked), 0);
