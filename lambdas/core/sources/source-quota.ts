import * as z from "zod";
import { isoTime } from "../clock.ts";
import type { LimitState } from "../limiter/rate-limiter.ts";
import { SourceIdSchema } from "../source-ids.ts";
import { type ExplainCode, type ExplainedSource, sourceWords } from "./explain-state.ts";
import type { SourceOperation } from "./source-descriptor.ts";
import { type SourceState, SourceStateSchema } from "./source-states.ts";

/** One source in `GET /quota`. */
export const SourceQuotaSchema = z.object({
  source: SourceIdSchema.describe("The source."),
  state: SourceStateSchema.describe(
    "How it stands, in one word. `waiting`: its pace or its day; it goes on by itself. `not_configured`: no usable credentials, so it is skipped.",
  ),
  calls_per_second: z.number().positive().describe("Calls a second that the limiter allows it at present."),
  used_today: z.number().min(0).describe("Units (calls, for Keepa tokens) since the day began."),
  left_today: z.number().nullable().describe("Units left of the day; null: no daily limit."),
  breaker: z
    .enum(["closed", "open", "half-open"])
    .nullable()
    .describe(
      "`closed`: calls go; `open`: none go, after failures; `half-open`: one trial call goes. Null when the source is not configured.",
    ),
  products_still_servable_today: z
    .number()
    .int()
    .min(0)
    .nullable()
    .describe("Products that `left_today` is enough for; null: no daily limit."),
  retry_at: z.iso.datetime().nullable().describe("When calls may go again; null when they may go now."),
  reason: z.string().describe("How it stands, in plain words."),
  next_step: z.string().describe("What to do or to expect, one or two sentences."),
});
export type SourceQuota = z.infer<typeof SourceQuotaSchema>;

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

const servable = (left: number | null, operation: SourceOperation): number | null => {
  const perCall = operation.cost(operation.idsPerCall);
  return left === null || perCall <= 0 ? null : Math.max(0, Math.floor(left / perCall)) * operation.idsPerCall;
};

/**
 * The state of a source, explained for a person who never used AWS.
 * @param standing `state` null: not configured; `operation` fetches products, and the figures are those of its limit;
 *   `otherStates` are those of the source's further limits, the worst of which is the source's state
 * @param explain the sources' own explanations of their codes; absent: general ones
 */
export const sourceQuota = (
  standing: ExplainedSource & {
    readonly operation: SourceOperation;
    readonly limit: { readonly callsPerSecond: number };
    readonly otherStates?: readonly LimitState[];
  },
  nowMs: number,
  explain: ExplainCode = () => undefined,
): SourceQuota => {
  const { state } = standing;
  const worst = worstStateOf(standing, nowMs);
  const word = sourceStateOf(worst, nowMs);
  const blockedUntil = worst?.blockedUntilMs ?? null;
  const retryAt = blockedUntil !== null && blockedUntil > nowMs && word !== "ok" ? isoTime(blockedUntil) : null;
  return {
    source: standing.id,
    state: word,
    calls_per_second: state?.callsPerSecond ?? standing.limit.callsPerSecond,
    used_today: state?.usedToday ?? 0,
    left_today: state ? state.leftToday : 0,
    breaker: worst?.breaker ?? null,
    products_still_servable_today: state ? servable(state.leftToday, standing.operation) : 0,
    retry_at: retryAt,
    ...sourceWords({ ...standing, state: worst }, word, nowMs, explain),
  };
};
