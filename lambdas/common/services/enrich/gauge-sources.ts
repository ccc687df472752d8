import { errorWords } from "../../core/error-words.ts";
import type { LimitState, RateLimiter } from "../../core/limiter/rate-limiter.ts";
import { METRICS, ofSource } from "../../core/metric-names.ts";
import type { SourceId } from "../../core/source-ids.ts";
import { distinctLimits } from "../../core/sources/source-limit.ts";
import type { Log } from "../../platform/logger.ts";
import type { Meter } from "../../platform/metrics.ts";
import { type ChainSource, isReady, type ReadySource } from "../../sources/chain/chain-source.ts";

/** What gauging works with. */
export interface GaugeDeps {
  readonly limiter: Pick<RateLimiter, "state">;
  readonly meter: Pick<Meter, "gauge">;
  readonly log: Pick<Log, "warn">;
}

/** Share of the day that is used, 0 to 1; none without a daily limit. */
const usedShare = ({ usedToday, leftToday }: LimitState): number[] => {
  const day = leftToday === null ? 0 : usedToday + leftToday;
  return day > 0 ? [usedToday / day] : [];
};

/** Whether calls to a limit may start, sooner or later within seconds. */
const letsThrough = ({ blockedReason }: LimitState): boolean => blockedReason === null || blockedReason === "rate";

/**
 * Records, for every source with credentials, the share of its day that is used (0 to 1; nothing for a source without
 * a daily limit) and whether its breaker keeps calls back (1 or 0): of a source with several limits the worst. One read
 * a limit; figures that cannot be read are left out, because they must not cost a product.
 * @returns the sources that are known to let calls through
 */
export const gaugeSources = async (
  deps: GaugeDeps,
  sources: readonly ChainSource[],
): Promise<ReadonlySet<SourceId>> => {
  const serving = new Set<SourceId>();
  const gauge = async (source: ReadySource): Promise<void> => {
    const dimensions = ofSource(source.descriptor.id);
    try {
      const limits = distinctLimits(source.descriptor.operations, source.limitFor);
      const states = await Promise.all(limits.map((limit) => deps.limiter.state(limit)));
      const isOpen = states.some(({ blockedReason }) => blockedReason === "circuit-open");
      deps.meter.gauge(METRICS.BREAKER_OPEN, isOpen ? 1 : 0, dimensions);
      const shares = states.flatMap(usedShare);
      if (states.some(letsThrough)) serving.add(source.descriptor.id);
      if (shares.length > 0) deps.meter.gauge(METRICS.QUOTA_USED_SHARE, Math.max(...shares), dimensions);
    } catch (error) {
      deps.log.warn("state of a source not recorded", { source: source.descriptor.id, error: errorWords(error) });
    }
  };
  await Promise.all(sources.filter(isReady).map(gauge));
  return serving;
};
