import { PRICES_OF, regionFactor, USE_PRICES } from "./list-prices.ts";
import type { RunUsage } from "./run-usage.ts";

/** What a run has cost at list prices. Dollars are decimal text with six places, rounded up. */
export interface RunCost {
  readonly usd: string;
  /** Null before the first product has ended. */
  readonly usd_per_1000_products: string | null;
  /** By what it was paid for; what cost nothing is left out. */
  readonly parts: Readonly<Record<string, string>>;
  readonly keepa_tokens: number;
  /** Where and when the prices were read. */
  readonly prices_of: { readonly region: string; readonly read_on: string };
}

/** A run as its cost is counted. */
export interface CountedRun extends RunUsage {
  readonly enriched: number;
  readonly failed: number;
}

const NANO_PER_MICRO = 1_000;

const usdText = (nanoDollars: number): string => {
  // A tiny error of the factors must not round up to the next millionth.
  const micro = Math.ceil(Math.round(nanoDollars) / NANO_PER_MICRO);
  const digits = micro.toString().padStart(7, "0");
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
};

/** Billionths of a dollar by part. */
const nanoPartsOf = (used: RunUsage, factor: number): Record<string, number> => {
  const parts = {
    table_writes: (used.used_wu ?? 0) * USE_PRICES.writeUnit,
    table_reads: (used.used_ru ?? 0) * USE_PRICES.readUnit,
    functions:
      ((used.used_gb_ms ?? 0) / 1_000) * USE_PRICES.gigabyteSecond + (used.used_calls ?? 0) * USE_PRICES.invocation,
    queues: (used.used_sqs ?? 0) * USE_PRICES.queueRequest,
    objects: (used.used_put ?? 0) * USE_PRICES.objectWrite + (used.used_get ?? 0) * USE_PRICES.objectRead,
    secrets: (used.used_secret ?? 0) * USE_PRICES.secretRead,
    events: (used.used_event ?? 0) * USE_PRICES.event,
  };
  return Object.fromEntries(
    Object.entries(parts)
      .filter(([, nano]) => nano > 0)
      .map(([part, nano]) => [part, nano * factor]),
  );
};

/**
 * What a run has cost so far in a region, of what is counted into its row.
 * @returns null when nothing is counted: the run began in a version that did not
 */
export const costOfRun = (run: CountedRun, region: string): RunCost | null => {
  if (run.used_wu === undefined) return null;
  const factor = regionFactor(region);
  const parts = nanoPartsOf(run, factor);
  const nano = Object.values(parts).reduce((sum, one) => sum + one, 0);
  // Products of which the cost is: those that ended by work on them.
  const ended = run.enriched + run.failed;
  return {
    usd: usdText(nano),
    usd_per_1000_products: ended === 0 ? null : usdText((nano * 1_000) / ended),
    parts: Object.fromEntries(Object.entries(parts).map(([part, one]) => [part, usdText(one)])),
    keepa_tokens: run.used_keepa ?? 0,
    prices_of: { region: factor === 1 ? PRICES_OF.region : region, read_on: PRICES_OF.read_on },
  };
};
