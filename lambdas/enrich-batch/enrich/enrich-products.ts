import type { KnownProduct } from "../../common/adapters/dynamodb/products/product-reader.ts";
import type { ProductStore } from "../../common/adapters/dynamodb/products/product-store.ts";
import type { RawArchive } from "../../common/adapters/s3/raw-archive.ts";
import type { Clock } from "../../common/core/clock.ts";
import type { RateLimiter } from "../../common/core/limiter/rate-limiter.ts";
import { METRICS } from "../../common/core/metric-names.ts";
import { type MergedFields, NOTHING_MERGED } from "../../common/core/products/merge.ts";
import type { Product } from "../../common/core/products/product.ts";
import type { BlockedBy } from "../../common/core/sources/blocked-by.ts";
import type { Meter } from "../../common/platform/metrics.ts";
import { hasVariations, type ListedFamilies, variationSources } from "../../common/services/enrich/add-variations.ts";
import { askChain, type SourceSupply } from "../../common/services/enrich/ask-chain.ts";
import { blocksSoFar } from "../../common/services/enrich/blocks-so-far.ts";
import { countCalls, countLookups, type UsageCounters } from "../../common/services/enrich/count-usage.ts";
import { rememberedFailures } from "../../common/services/enrich/not-found-memory.ts";
import type { ProductOutcome } from "../../common/services/enrich/product-outcome.ts";
import { productOutcomeOf } from "../../common/services/enrich/product-outcome-of.ts";
import { withVariations } from "../../common/services/enrich/with-variations.ts";
import type { CallRecord, ChainDeps } from "../../common/sources/chain/chain-deps.ts";
import { type ChainOptions, runHorizonMs } from "../../common/sources/chain/chain-request.ts";
import type { ChainResult } from "../../common/sources/chain/chain-result.ts";
import type { ChainSource } from "../../common/sources/chain/chain-source.ts";
import { RECORD_MS } from "../time-left.ts";
import { callSize, inCallOrder, partFrom } from "./call-parts.ts";
import type { DueProduct } from "./due-products.ts";
import type { EnrichProducts } from "./enrich-port.ts";
import { gaugeSources } from "./gauge-sources.ts";
import { paidFields, reusableProduct } from "./reusable-product.ts";

/** What enriching works with. */
export interface EnrichDeps extends SourceSupply, UsageCounters {
  readonly limiter: RateLimiter;
  readonly products: Pick<ProductStore, "getKnown">;
  readonly archive: Pick<RawArchive, "put">;
  readonly priority: "bulk" | "express";
  readonly upstreamTimeoutMs: number;
  readonly clock: Clock;
  readonly meter: Meter;
}

const fromCache = (product: Product): ProductOutcome => ({
  result: {
    kind: "enriched",
    source: product.provenance.title?.source ?? "creators-api",
    fromCache: true,
    incomplete: false,
  },
});

/** A product to ask the chain for, with what the table knows of it. */
interface Wanted extends DueProduct {
  readonly known: KnownProduct | undefined;
  readonly existing: MergedFields;
}

/** Builds the port: products that are fresh come from the table, all others go through the chain, whole calls at a time. */
export const createEnrichProducts =
  (deps: EnrichDeps): EnrichProducts =>
  async (request) => {
    const { products, options, deliver } = request;
    const knownProducts = await deps.products.getKnown(products.map(({ key }) => key));
    const nowMs = deps.clock.now();
    const able = options.include_variations ? variationSources(await deps.readSources()) : [];
    const cached = new Map<string, ProductOutcome>();
    const wanted: Wanted[] = [];
    for (const product of products) {
      const known = knownProducts.get(product.key);
      const stored = options.force ? undefined : reusableProduct(known, nowMs);
      if (stored && hasVariations(stored, able)) cached.set(product.key, fromCache(stored));
      else wanted.push({ ...product, known, existing: options.force ? NOTHING_MERGED : paidFields(known, nowMs) });
    }
    await countLookups(deps, products.length, cached.size);
    if (cached.size > 0) await deliver({ outcomes: cached, blockedBy: [] });
    if (wanted.length === 0) return;
    wanted.sort(inCallOrder);
    const families: ListedFamilies = new Map();
    let sources: readonly ChainSource[] = await deps.readSources();
    let blockedBy: BlockedBy[] = [];
    let called: ChainResult["calls"] = {};
    for (let from = 0, part: readonly Wanted[] = []; from < wanted.length; from += part.length) {
      part = partFrom(wanted, from, callSize(sources, options.provider, called));
      const chainOptions: ChainOptions = {
        provider: options.provider,
        fallback: options.fallback,
        priority: deps.priority,
        horizonMs: runHorizonMs(deps.priority, Math.max(...part.map(({ returns }) => returns))),
      };
      const calls: CallRecord[] = [];
      const depsFor = (used: readonly ChainSource[]): ChainDeps => chainDeps(deps, used, request, calls);
      const asked = await askChain(deps, depsFor, sources, {
        products: part.map(({ asin, marketplace, suspicions, attempts, waited, reopenedAt, known, existing }) => ({
          ...{ asin, marketplace, suspicions, attempts, waited, existing },
          knownFailures: options.force ? [] : rememberedFailures(known, nowMs, reopenedAt),
        })),
        options: chainOptions,
      });
      ({ sources } = asked);
      called = asked.result.calls;
      const result = options.include_variations
        ? await withVariations(depsFor(sources), asked.result, chainOptions, families)
        : asked.result;
      await countCalls(deps, calls);
      for (const warning of result.warnings) deps.log.warn("enrichment continued without something", { warning });
      blockedBy = blocksSoFar(blockedBy, result.blockedBy);
      const outcomes = new Map<string, ProductOutcome>();
      for (const { key, known, existing } of part) {
        const outcome = result.outcomes.get(key);
        if (outcome) outcomes.set(key, productOutcomeOf(outcome, { known, existing, options }, deps.clock.now()));
      }
      await deliver({ outcomes, blockedBy });
    }
    await gaugeSources(deps, sources);
  };

const chainDeps = (
  deps: EnrichDeps,
  sources: readonly ChainSource[],
  { mayContinue, remainingMs, onSlow }: Parameters<EnrichProducts>[0],
  calls: CallRecord[],
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
    calls.push(call);
    deps.meter.count(METRICS.UPSTREAM_CALLS, 1, { source: call.source, outcome: call.outcome });
    if (call.outcome === "critical") deps.meter.count(METRICS.CRITICAL_UPSTREAM_ERROR, 1, { source: call.source });
  },
});
