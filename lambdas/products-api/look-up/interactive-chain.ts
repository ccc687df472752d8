import type { RawArchive } from "../../common/adapters/s3/raw-archive.ts";
import type { Clock } from "../../common/core/clock.ts";
import type { RateLimiter } from "../../common/core/limiter/rate-limiter.ts";
import { METRICS } from "../../common/core/metric-names.ts";
import type { Log } from "../../common/platform/logger.ts";
import type { Meter } from "../../common/platform/metrics.ts";
import type { SourceSupply } from "../../common/services/enrich/ask-chain.ts";
import type { UsageCounters } from "../../common/services/enrich/count-usage.ts";
import type { CallRecord, ChainDeps } from "../../common/sources/chain/chain-deps.ts";
import { type ChainOptions, HORIZON_MS } from "../../common/sources/chain/chain-request.ts";
import type { ChainSource } from "../../common/sources/chain/chain-source.ts";

/** One upstream call of somebody who waits: four of them, with the waits between, fit into the time of an HTTP call. */
const MAX_CALL_MS = 5_000;
/** A call is worth starting only when it may take this long. */
export const MIN_CALL_MS = 2_000;

/** What asking the sources for somebody who waits works with. */
export interface InteractiveDeps extends SourceSupply, Pick<UsageCounters, "counters"> {
  readonly limiter: RateLimiter;
  readonly archive: Pick<RawArchive, "put">;
  readonly upstreamTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Pick<Log, "warn" | "error">;
  readonly meter: Pick<Meter, "count" | "flush">;
}

/** How somebody who waits asks: all sources in the stage's order, up to 10 s ahead of other work. */
export const INTERACTIVE: ChainOptions = {
  provider: null,
  fallback: true,
  priority: "interactive",
  horizonMs: HORIZON_MS.interactive,
};

/**
 * The chain's dependencies for one request: nothing starts that could end after the deadline.
 * @param calls gets every call that was made
 */
export const interactiveChain = (
  deps: InteractiveDeps,
  sources: readonly ChainSource[],
  deadlineMs: number,
  calls: CallRecord[],
): ChainDeps => {
  const hasTime = (): boolean => deadlineMs - deps.clock.now() >= MIN_CALL_MS;
  return {
    sources,
    limiter: deps.limiter,
    clock: deps.clock,
    // Read at every call: what is left of the request's time shrinks.
    get timeoutMs() {
      return Math.max(1, Math.min(deps.upstreamTimeoutMs, MAX_CALL_MS, deadlineMs - deps.clock.now()));
    },
    mayContinue: hasTime,
    stillWanted: hasTime,
    recordRaw: (answer) =>
      deps.archive.put(answer.source, answer.operation, answer.marketplace, answer.raw, answer.fetchedAt),
    countCall: (call) => {
      calls.push(call);
      deps.meter.count(METRICS.UPSTREAM_CALLS, 1, { source: call.source, outcome: call.outcome });
      if (call.outcome === "critical") deps.meter.count(METRICS.CRITICAL_UPSTREAM_ERROR, 1, { source: call.source });
    },
  };
};
