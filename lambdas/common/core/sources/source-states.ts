import * as z from "zod";
import type { LimitState } from "../limiter/rate-limiter.ts";

/** The state of a source in one word. `waiting`: for its pace or its day; it continues by itself. */
export const SourceStateSchema = z.enum(["ok", "waiting", "paused", "circuit_open", "not_configured"]);
export type SourceState = z.infer<typeof SourceStateSchema>;

/** Longest pause between calls that counts as normal pace, not as waiting. */
const NORMAL_PACE_MS = 5_000;

/** The state of a source in one word; `state` null: not configured. */
export const sourceStateOf = (state: LimitState | null, nowMs: number): SourceState => {
  if (!state) return "not_configured";
  const blockedMs = (state.blockedUntilMs ?? 0) - nowMs;
  // A pause is an open breaker with a reason, until its trial call succeeds.
  if (state.blockedReason === "paused") return "paused";
  if (state.blockedReason === "circuit-open" || state.breaker === "open") return "circuit_open";
  if (state.leftToday !== null && state.leftToday < 1) return "waiting";
  // Two intervals: callers may reserve a slot ahead of the one in use.
  return blockedMs > Math.max(NORMAL_PACE_MS, 2000 / state.callsPerSecond) ? "waiting" : "ok";
};

/** Best to worst. */
const WORDS_BY_TROUBLE: readonly SourceState[] = ["ok", "waiting", "circuit_open", "paused"];

/**
 * The worst state of a source's limits, which is shown as the source's state: a person must see it even when the other
 * limits work. Of equal ones the first; null: not configured.
 */
export const worstStateOf = (
  { state, otherStates = [] }: { readonly state: LimitState | null; readonly otherStates?: readonly LimitState[] },
  nowMs: number,
): LimitState | null => {
  const trouble = (one: LimitState): number => WORDS_BY_TROUBLE.indexOf(sourceStateOf(one, nowMs));
  return otherStates.reduce((worst, one) => (worst && trouble(one) > trouble(worst) ? one : worst), state);
};
