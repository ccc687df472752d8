import { isoTime } from "../../common/core/clock.ts";
import type { SourceQuota } from "../../common/core/contract/operations/quota.ts";
import type { LimitState } from "../../common/core/limiter/rate-limiter.ts";
import { type ExplainCode, type ExplainedSource, sourceWords } from "../../common/core/sources/explain-state.ts";
import type { SourceOperation } from "../../common/core/sources/source-descriptor.ts";
import { sourceStateOf, worstStateOf } from "../../common/core/sources/source-states.ts";

const servable = (left: number | null, operation: SourceOperation): number | null => {
  const perCall = operation.cost(operation.idsPerCall);
  return left === null || perCall <= 0 ? null : Math.max(0, Math.floor(left / perCall)) * operation.idsPerCall;
};

/**
 * The state of a source, explained for a person who never used AWS.
 * @param status `state` null: not configured; `operation` fetches products, and the figures are those of its limit;
 *   `otherStates` are those of the source's further limits, the worst of which is the source's state
 * @param explain the sources' own explanations of their codes; absent: general ones
 */
export const sourceQuota = (
  status: ExplainedSource & {
    readonly operation: SourceOperation;
    readonly limit: { readonly callsPerSecond: number };
    readonly otherStates?: readonly LimitState[];
  },
  nowMs: number,
  explain: ExplainCode = () => undefined,
): SourceQuota => {
  const { state } = status;
  const worst = worstStateOf(status, nowMs);
  const word = sourceStateOf(worst, nowMs);
  const blockedUntil = worst?.blockedUntilMs ?? null;
  const retryAt = blockedUntil !== null && blockedUntil > nowMs && word !== "ok" ? isoTime(blockedUntil) : null;
  return {
    source: status.id,
    state: word,
    calls_per_second: state?.callsPerSecond ?? status.limit.callsPerSecond,
    used_today: state?.usedToday ?? 0,
    left_today: state ? state.leftToday : 0,
    breaker: worst?.breaker ?? null,
    products_still_servable_today: state ? servable(state.leftToday, status.operation) : 0,
    retry_at: retryAt,
    ...sourceWords({ ...status, state: worst }, word, nowMs, explain),
  };
};
