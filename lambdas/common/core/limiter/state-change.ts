import type { LimitItem } from "./limit-item.ts";

/** State of a key's breaker; a pause is an open breaker with a reason. */
export type LimitPhase = "closed" | "open" | "half-open" | "paused";

/** A change of a key's breaker, for the log. */
export interface StateChange {
  readonly limitKey: string;
  readonly from: LimitPhase;
  readonly to: LimitPhase;
  /** Failures since the last success, up to this change. */
  readonly failureCount: number;
  readonly epoch: number;
  /** End of the cool-down or pause, epoch ms; null when calls may start or a probe is under way. */
  readonly untilMs: number | null;
  /** Code of the pause; null without one. */
  readonly pauseCode: string | null;
  readonly detail: string | null;
}

const phaseOf = (item: LimitItem): LimitPhase =>
  item.breaker === "open" && item.pause_code !== undefined ? "paused" : item.breaker;

/** The change that a write made; undefined when the breaker did not change. Another 300 s is a change too. */
export const stateChange = (before: LimitItem | undefined, after: LimitItem): StateChange | undefined => {
  if (before === undefined || before.epoch === after.epoch) return undefined;
  const to = phaseOf(after);
  return {
    limitKey: after.limit_key,
    from: phaseOf(before),
    to,
    failureCount: after.failure_count ?? before.failure_count ?? 0,
    epoch: after.epoch,
    untilMs: to === "open" || to === "paused" ? (after.open_until_ms ?? null) : null,
    pauseCode: after.pause_code ?? null,
    detail: after.pause_detail ?? null,
  };
};
