import type { CallPriority, RateLimit, Refusal } from "../rate-limiter.ts";
import type { UpdatePlan } from "./plan.ts";

/** Farthest ahead that any slot may lie, in milliseconds; the day's window relies on it. */
export const MAX_HORIZON_MS = 10_000;

/** All that the decision on one reservation depends on, besides the item. */
export interface ReservationAsk {
  readonly limit: RateLimit;
  readonly priority: CallPriority;
  /** 0 to `MAX_HORIZON_MS`. */
  readonly horizonMs: number;
  readonly units: number;
  readonly nowMs: number;
  /** Earliest time of the slot: the caller does not know of it before its write is answered. Not before `nowMs`. */
  readonly earliestMs: number;
  /** Id under which this caller would own the breaker's probe. */
  readonly probeOwner: string;
}

/** When the grant is made, for those who read slow clocks or wait for a slot before it. */
export const stampsOf = ({ nowMs, priority }: ReservationAsk): { stamped_ms: number; express_ms?: number } =>
  priority === "express" ? { stamped_ms: nowMs, express_ms: nowMs } : { stamped_ms: nowMs };

/** A conditional update that takes the slot at `next_free_ms − costMs` of the item it leaves behind. */
export interface GrantPlan {
  readonly kind: "CREATE" | "STEADY" | "IDLE" | "ROLLOVER" | "TOP-UP" | "PROBE";
  readonly plan: UpdatePlan;
  readonly costMs: number;
}

/** The next step of a reservation. */
export type ReservationStep = GrantPlan | Refusal;

/** A refusal of the given reason. */
export const refuse = (reason: Refusal["reason"], retryAtMs: number): Refusal => ({
  granted: false,
  reason,
  retryAtMs: Math.ceil(retryAtMs),
});
