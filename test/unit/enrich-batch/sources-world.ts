import type { KnownProduct } from "../../../lambdas/common/adapters/dynamodb/products/product-reader.ts";
import type { RunOptions } from "../../../lambdas/common/core/catalogs/run-options.ts";
import type { RunUsage } from "../../../lambdas/common/core/cost/run-usage.ts";
import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import type { CountedCall } from "../../../lambdas/common/core/sources/analytics/source-usage.ts";
import type { ProductOutcome, ProductOutcomes } from "../../../lambdas/common/services/enrich/product-outcome.ts";
import type { ChainSource } from "../../../lambdas/common/sources/chain/chain-source.ts";
import { createEnrichProducts } from "../../../lambdas/enrich-batch/enrich/enrich-products.ts";
import { silentLog } from "../../helpers/silent.ts";
import { RecordingMeter } from "../../helpers/worlds/recording-meter.ts";
import { FakeLimiter, fakeClock, US } from "../common/sources/chain/fakes.ts";

const OPTIONS: RunOptions = {
  provider: null,
  fallback: true,
  force: false,
  include_variations: false,
  refresh_daily: false,
  batch_size: 20,
};

/** Fetches products over scripted sources, with a `products` table that keeps what is delivered. */
export class SourcesWorld {
  readonly clock = fakeClock();
  readonly limiter = new FakeLimiter(this.clock);
  readonly table = new Map<string, KnownProduct>();
  readonly forgotten: string[] = [];
  readonly archived: string[] = [];
  /** What runs used beside requests to AWS. */
  readonly used: RunUsage[] = [];
  readonly counted: ({ readonly source: SourceId } & CountedCall)[] = [];
  readonly meter = new RecordingMeter();
  sources: readonly ChainSource[];
  readSources = async (): Promise<ChainSource[]> => [...this.sources];

  constructor(...sources: readonly ChainSource[]) {
    this.sources = sources;
  }

  /** One visit of products of the US shop that have waited for company; gives their outcomes by ASIN, and what held them up. */
  visit(asins: readonly string[], options: Partial<RunOptions> = {}, returns = 0) {
    return this.visitAll(
      asins.map((asin) => ({ asin })),
      options,
      returns,
    );
  }

  /** One visit of products of any shops, in this order. */
  async visitAll(
    products: readonly { readonly asin: string; readonly marketplace?: string; readonly waited?: boolean }[],
    options: Partial<RunOptions> = {},
    returns = 0,
  ) {
    const outcomes = new Map<string, ProductOutcome>();
    let blockedBy: ProductOutcomes["blockedBy"] = [];
    const fetchProducts = createEnrichProducts({
      readSources: () => this.readSources(),
      forgetSecret: (source) => {
        this.forgotten.push(source);
      },
      limiter: this.limiter,
      products: { getKnown: async () => this.table },
      archive: {
        put: async (source, operation) => {
          this.archived.push(`raw/${source}/${operation}/${this.archived.length}`);
          return this.archived.at(-1) ?? "";
        },
      },
      cacheCounters: { count: async () => undefined },
      counters: {
        count: async (source, calls) => void this.counted.push(...calls.map((call) => ({ source, ...call }))),
      },
      priority: "bulk",
      upstreamTimeoutMs: 5_000,
      clock: this.clock,
      log: silentLog,
      meter: this.meter,
      usage: { count: (used) => this.used.push(used) },
    });
    await fetchProducts({
      products: products.map(({ asin, marketplace = US, waited = true }) => ({
        ...{ key: `${marketplace}#${asin}`, marketplace, asin },
        ...{ suspicions: 0, attempts: 0, waited, returns },
      })),
      options: { ...OPTIONS, ...options },
      remainingMs: () => 60_000,
      mayContinue: async () => true,
      deliver: async (part) => {
        blockedBy = part.blockedBy;
        for (const [key, outcome] of part.outcomes) {
          outcomes.set(key.slice(key.indexOf("#") + 1), outcome);
          const { refresh_until = null, ...stored } = outcome.product ?? {};
          if (outcome.product) {
            this.table.set(key, { not_found: {}, ...stored, ...(refresh_until === null ? {} : { refresh_until }) });
          }
        }
      },
    });
    return { outcomes, blockedBy };
  }
}
