import type { ProductStore } from "../../common/adapters/dynamodb/products/product-store.ts";
import type { RawArchive } from "../../common/adapters/s3/raw-archive.ts";
import type { Clock } from "../../common/core/clock.ts";
import type { UsageMeter } from "../../common/core/cost/usage-meter.ts";
import type { RateLimiter } from "../../common/core/limiter/rate-limiter.ts";
import type { BlockedBy } from "../../common/core/sources/blocked-by.ts";
import type { Meter } from "../../common/platform/metrics.ts";
import type { ListedFamilies } from "../../common/services/enrich/add-variations.ts";
import { askChain, type SourceSupply } from "../../common/services/enrich/ask-chain.ts";
import { blocksSoFar } from "../../common/services/enrich/blocks-so-far.ts";
import type { UsageCounters } from "../../common/services/enrich/count-usage.ts";
import type { ProductOutcome } from "../../common/services/enrich/product-outcome.ts";
import { productOutcomeOf } from "../../common/services/enrich/product-outcome-of.ts";
import { type SourceWatch, watchSources } from "../../common/services/enrich/watch-sources.ts";
import { withVariations } from "../../common/services/enrich/with-variations.ts";
import type { CallRecord, ChainDeps } from "../../common/sources/chain/chain-deps.ts";
import { type ChainOptions, runHorizonMs } from "../../common/sources/chain/chain-request.ts";
import type { ChainResult } from "../../common/sources/chain/chain-result.ts";
import type { ChainSource } from "../../common/sources/chain/chain-source.ts";
import { RECORD_MS } from "../time-left.ts";
import { callSize, inCallOrder, partFrom } from "./call-parts.ts";
import { CompanyPool } from "./company-pool.ts";
import type { EnrichProducts } from "./enrich-port.ts";
import { createTableLookUp, type WantedProduct } from "./table-look-up.ts";

/** What enriching works with. */
export interface EnrichDeps extends SourceSupply, UsageCounters {
  readonly limiter: RateLimiter;
  readonly products: Pick<ProductStore, "getKnown">;
  readonly archive: Pick<RawArchive, "put">;
  readonly priority: "bulk" | "express";
  readonly upstreamTimeoutMs: number;
  readonly clock: Clock;
  readonly meter: Meter;
  readonly usage: Pick<UsageMeter, "count">;
}

/** Builds the port: products that are fresh come from the table, all others go through the chain, whole calls at a time. */
export const createEnrichProducts =
  (deps: EnrichDeps): EnrichProducts =>
  async (request) => {
    const { products, options, deliver } = request;
    const lookUp = createTableLookUp(deps, options);
    const { cached, wanted } = await lookUp(products);
    if (cached.size > 0) await deliver({ outcomes: cached, blockedBy: [] });
    if (wanted.length === 0) return;
    await watchSources(deps, (watch) => fetchProducts(deps, request, { lookUp, wanted, watch }));
  };

/** What one request wants of the sources. */
interface Fetching {
  readonly lookUp: ReturnType<typeof createTableLookUp>;
  readonly wanted: WantedProduct[];
  readonly watch: SourceWatch;
}

/** Takes products through the chain and delivers them part by part. */
const fetchProducts = async (
  deps: EnrichDeps,
  request: Parameters<EnrichProducts>[0],
  { lookUp, wanted, watch }: Fetching,
): Promise<void> => {
  const { options, company, deliver } = request;
  wanted.sort(inCallOrder);
  const pool = new CompanyPool(company, lookUp);
  const families: ListedFamilies = new Map();
  let sources: readonly ChainSource[] = await deps.readSources();
  watch.sees(sources);
  let blockedBy: BlockedBy[] = [];
  let called: ChainResult["calls"] = {};
  for (let from = 0; from < wanted.length; ) {
    const part = partFrom(wanted, from, callSize(sources, options.provider, called));
    const chainOptions: ChainOptions = {
      provider: options.provider,
      fallback: options.fallback,
      priority: deps.priority,
      horizonMs: runHorizonMs(deps.priority, Math.max(...part.map(({ returns }) => returns))),
    };
    const depsFor = (used: readonly ChainSource[]): ChainDeps => ({
      ...chainDeps(deps, used, request, watch),
      company: company && pool,
    });
    const asked = await askChain(deps, depsFor, sources, {
      products: part.map(({ product }) => product),
      options: chainOptions,
    });
    ({ sources } = asked);
    watch.sees(sources);
    called = asked.result.calls;
    const result = options.include_variations
      ? await withVariations(depsFor(sources), asked.result, chainOptions, families)
      : asked.result;
    await watch.record();
    for (const warning of result.warnings) deps.log.warn("enrichment continued without something", { warning });
    blockedBy = blocksSoFar(blockedBy, result.blockedBy);
    const more = await pool.settle();
    const outcomes = new Map<string, ProductOutcome>(more.cached);
    for (const { key, known, product } of [...part, ...more.taken]) {
      const outcome = result.outcomes.get(key);
      const context = { known, existing: product.existing, options };
      if (outcome) outcomes.set(key, productOutcomeOf(outcome, context, deps.clock.now()));
    }
    from += part.length;
    if (more.left.length > 0) wanted.push(...[...wanted.splice(from), ...more.left].sort(inCallOrder));
    await deliver({ outcomes, blockedBy });
  }
};

/** Tokens that a call took of Keepa. */
const keepaTokens = ({ source, operation, ids }: CallRecord, sources: readonly ChainSource[]): number => {
  const keepa = sources.find(({ descriptor }) => descriptor.id === source);
  return keepa?.descriptor.operations.find(({ name }) => name === operation)?.cost(ids) ?? 0;
};

const chainDeps = (
  deps: EnrichDeps,
  sources: readonly ChainSource[],
  { mayContinue, remainingMs, onSlow }: Parameters<EnrichProducts>[0],
  watch: SourceWatch,
): ChainDeps => ({
  sources,
  limiter: deps.limiter,
  clock: deps.clock,
  // Read at every call: one that outlived the function would be paid for and never recorded.
  get timeoutMs() {
    return Math.max(1, Math.min(deps.upstreamTimeoutMs, remainingMs() - RECORD_MS));
  },
  mayContinue,
  stillWanted: mayContinue,
  ...(onSlow ? { onSlow } : {}),
  recordRaw: (answer) =>
    deps.archive.put(answer.source, answer.operation, answer.marketplace, answer.raw, answer.fetchedAt),
  countCall: (call) => {
    watch.countCall(call);
    if (call.source === "keepa") deps.usage.count({ used_keepa: keepaTokens(call, sources) });
  },
});
