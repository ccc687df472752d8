import type { LimitState } from "../../lambdas/core/limiter/rate-limiter.ts";
import { MARKETPLACES } from "../../lambdas/core/products/marketplaces.ts";
import type { SourceId } from "../../lambdas/core/source-ids.ts";
import type { SourceStanding } from "../../lambdas/services/source-standings.ts";

/** A limit state with nothing used and nothing wrong. */
export const limitState = (changes: Partial<LimitState> = {}): LimitState => ({
  limit_key: "creators-api#account",
  calls_per_second: 1,
  used_today: 0,
  left_today: 8640,
  breaker: "closed",
  blocked_until_ms: null,
  blocked_reason: null,
  blocked_detail: null,
  ...changes,
});

/** A configured source with ten ids a call, 1 call/s and 8,640 calls a day; `state: null` makes it unconfigured. */
export const standing = (changes: {
  id: SourceId;
  state?: LimitState | null;
  idsPerCall?: number;
  unitsPerDay?: number | null;
  cost?: (ids: number) => number;
}): SourceStanding => {
  const state = changes.state === undefined ? limitState() : changes.state;
  return {
    id: changes.id,
    configured: state !== null,
    operation: {
      name: "get-items",
      ids_per_call: changes.idsPerCall ?? 10,
      limit_key: null,
      cost: changes.cost ?? (() => 1),
    },
    marketplaces: MARKETPLACES.map((place) => place.code),
    limit: {
      limit_key: `${changes.id}#account`,
      calls_per_second: 1,
      units_per_day: changes.unitsPerDay === undefined ? 8640 : changes.unitsPerDay,
      allowance_share: 1,
    },
    state,
  };
};
