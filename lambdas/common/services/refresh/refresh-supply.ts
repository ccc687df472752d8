import { type LimitState, THROTTLED } from "../../core/limiter/rate-limiter.ts";
import type { RefreshSupply } from "../../core/refresh/hourly-budget.ts";
import type { SkipReason } from "../../core/refresh/refresh-job.ts";
import type { SourceStatus } from "../source-statuses.ts";

/** The source of a shop's products, and what it gives the refresh now. */
export interface ShopSupply {
  /** Null: no source with credentials serves the shop. */
  readonly source: SourceStatus | null;
  readonly supply: RefreshSupply;
  /** Why no call can be made now; null: calls can. */
  readonly blocked: SkipReason | null;
}

/** Ids that a call would carry where no source says it. */
const USUAL_IDS_PER_CALL = 10;
const NOTHING: RefreshSupply = { idsPerCall: USUAL_IDS_PER_CALL, callsPerSecond: 1, callsPerDay: 0, callsLeft: null };

/** What a source gives the refresh; undefined while it has no credentials. */
export const supplyOf = ({ operation, state }: SourceStatus): RefreshSupply | undefined => {
  if (!state) return undefined;
  const { idsPerCall, cost } = operation;
  const callsFor = (units: number | null): number | null =>
    units === null ? null : Math.floor(units / cost(idsPerCall));
  return {
    idsPerCall,
    callsPerSecond: state.callsPerSecond,
    callsPerDay: callsFor(state.refresh.unitsPerDay),
    callsLeft: callsFor(state.refresh.unitsLeft),
  };
};

/** A breaker or pause whose time is over waits for one call, and the refresh may be the only one that makes any. */
const isTrialDue = (state: LimitState, nowMs: number): boolean =>
  state.blockedUntilMs !== null && state.blockedUntilMs <= nowMs;

/** Why a source takes no call at a time; null: it does. */
export const blockOf = ({ state }: SourceStatus, nowMs: number): SkipReason | null => {
  if (state && isTrialDue(state, nowMs)) return null;
  switch (state?.blockedReason) {
    case "circuit-open":
      return "circuit_open";
    case "paused":
      return "source_paused";
    case "daily-quota":
      return "daily_quota_used";
    default:
      return null;
  }
};

/** Whether a source is paused because of its account: waiting does not help. */
export const needsPerson = ({ state }: SourceStatus): boolean =>
  state?.blockedReason === "paused" && state.pauseCode !== THROTTLED;

/** The first source that serves a shop and can be called; where none can, the first one, with what blocks it. */
export const shopSupply = (sources: readonly SourceStatus[], marketplace: string, nowMs: number): ShopSupply => {
  const serving = sources.filter(({ configured, marketplaces }) => configured && marketplaces.includes(marketplace));
  const source = serving.find((one) => blockOf(one, nowMs) === null) ?? serving[0];
  const supply = source && supplyOf(source);
  if (!source || !supply) return { source: null, supply: NOTHING, blocked: "no_source_configured" };
  return { source, supply, blocked: blockOf(source, nowMs) };
};
