import type { LimitState } from "../../lambdas/common/core/limiter/rate-limiter.ts";
import { MARKETPLACES } from "../../lambdas/common/core/products/marketplaces.ts";
import type { SourceId } from "../../lambdas/common/core/source-ids.ts";
import type { SourceStatus } from "../../lambdas/common/services/source-statuses.ts";

/** A limit state with nothing used and nothing wrong. */
export const limitState = (changes: Partial<LimitState> = {}): LimitState => ({
  limitKey: "creators-api#account",
  callsPerSecond: 1,
  usedToday: 0,
  leftToday: 8640,
  breaker: "closed",
  blockedUntilMs: null,
  blockedReason: null,
  blockedDetail: null,
  refresh: { unitsPerDay: null, unitsLeft: null },
  ...changes,
});

/** A configured source with ten ids a call, 1 call/s and 8,640 calls a day; `state: null` makes it unconfigured. */
export const sourceStatus = (changes: {
  id: SourceId;
  state?: LimitState | null;
  idsPerCall?: number;
  unitsPerDay?: number | null;
  cost?: (ids: number) => number;
}): SourceStatus => {
  const state = changes.state === undefined ? limitState() : changes.state;
  return {
    id: changes.id,
    configured: state !== null,
    operation: {
      name: "get-items",
      idsPerCall: changes.idsPerCall ?? 10,
      limitKey: null,
      cost: changes.cost ?? (() => 1),
    },
    marketplaces: MARKETPLACES.map((place) => place.code),
    limit: {
      limitKey: `${changes.id}#account`,
      callsPerSecond: 1,
      unitsPerDay: changes.unitsPerDay === undefined ? 8640 : changes.unitsPerDay,
      allowanceShare: 1,
    },
    state,
  };
};
