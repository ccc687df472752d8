import type { LimitItem } from "../limit-item.ts";

/**
 * Whether a breaker holds calls up. `probe-due`: it does, and the next caller becomes its probe, because its cool-down is
 * over or the owner of the last probe is gone.
 */
export type Hold = "none" | "holds" | "probe-due";

/** What the breaker of a limit item does at `nowMs`. @param item undefined: no call of the key was ever made */
export const holdOf = (item: LimitItem | undefined, nowMs: number): Hold => {
  if (!item || item.breaker === "closed") return "none";
  const untilMs = item.breaker === "open" ? (item.open_until_ms ?? 0) : (item.probe_deadline_ms ?? 0) + 1;
  return nowMs < untilMs ? "holds" : "probe-due";
};
