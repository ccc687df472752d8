import type { RawArchive } from "../../adapters/s3/raw-archive.ts";
import type { Clock } from "../../core/clock.ts";
import type { RateLimiter } from "../../core/limiter/rate-limiter.ts";
import type { Log } from "../../platform/logger.ts";
import type { ChainDeps } from "../../sources/chain/chain-deps.ts";
import { type ChainOptions, HORIZON_MS } from "../../sources/chain/chain-request.ts";
import type { ChainSource } from "../../sources/chain/chain-source.ts";
import type { SourceSupply } from "../enrich/ask-chain.ts";
import type { SourceWatch, WatchDeps } from "../enrich/watch-sources.ts";

/** One upstream call of somebody who waits: four of them, with the waits between, fit into the time of an HTTP call. */
const MAX_CALL_MS = 5_000;
/** A call is worth starting only when it may take this long. */
export const MIN_CALL_MS = 2_000;

/** What asking the sources for somebody who waits works with. */
export interface InteractiveDeps extends SourceSupply, WatchDeps {
  readonly limiter: RateLimiter;
  readonly archive: Pick<RawArchive, "put">;
  readonly upstreamTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Pick<Log, "warn" | "error">;
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
 */
export const interactiveChain = (
  deps: InteractiveDeps,
  sources: readonly ChainSource[],
  { deadlineMs, maxCallMs = MAX_CALL_MS }: { readonly deadlineMs: number; readonly maxCallMs?: number | undefined },
  watch: Pick<SourceWatch, "countCall">,
): ChainDeps => {
  const hasTime = (): boolean => deadlineMs - deps.clock.now() >= MIN_CALL_MS;
  return {
    sources,
    limiter: deps.limiter,
    clock: deps.clock,
    // Read at every call: what is left of the request's time shrinks.
    get timeoutMs() {
      return Math.max(1, Math.min(deps.upstreamTimeoutMs, maxCallMs, deadlineMs - deps.clock.now()));
    },
    mayContinue: hasTime,
    stillWanted: hasTime,
    recordRaw: (answer) =>
      deps.archive.put(answer.source, answer.operation, answer.marketplace, answer.raw, answer.fetchedAt),
    countCall: watch.countCall,
  };
};
