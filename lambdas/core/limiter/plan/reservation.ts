import type { CallPriority, RateLimit, Refusal } from "../rate-limiter.ts";
import type { UpdatePlan } from "./plan.ts";

/** Farthest that any slot may lie ahead, in milliseconds; the day's window relies on it. */
export const MAX_HORIZON_MS = 10_000;

/** All that one reservation is decided from. */
export interface ReservationAsk {
  readonly limit: RateLimit;
  readonly priority: CallPriority;
  /** 0 to `MAX_HORIZON_MS`. */
  readonly horizonMs: number;
  readonly units: number;
  /** Room to leave behind the slot, in milliseconds. @default 0 */
  readonly slackMs?: number;
  readonly nowMs: number;
  /** Id under which this caller would hold the breaker's probe. */
  readonly probeOwner: string;
}

/** A conditional update that takes the slot at `next_free_ms − costMs` of the item it leaves behind. */
export interface GrantPlan {
  readonly kind: "CREATE" | "STEADY" | "IDLE" | "ROLLOVER" | "TOP-UP" | "PROBE";
  readonly plan: UpdatePlan;
  readonly costMs: number;
}

/** What a reservation does next. */
export type ReservationStep = GrantPlan | Refusal;

/** A refusal of the given reason. */
export const refuse = (reason: Refusal["reason"], retryAtMs: number): Refusal => ({
  granted: false,
  reason,
  retryAtMs: Math.ceil(retryAtMs),
});
