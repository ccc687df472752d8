import type { KnownProduct, ProductStore } from "../adapters/dynamodb/products/product-store.ts";
import type { DynamoCacheCounters } from "../adapters/dynamodb/upstream-limits/dynamo-cache-counters.ts";
import type { DynamoSourceCounters } from "../adapters/dynamodb/upstream-limits/dynamo-source-counters.ts";
import type { RawArchive } from "../adapters/s3/raw-archive.ts";
import type { Clock } from "../core/clock.ts";
import type { RateLimiter } from "../core/limiter/rate-limiter.ts";
import { METRICS } from "../core/metric-names.ts";
import { type MergedFields, NOTHING_MERGED } from "../core/products/merge.ts";
import type { Product } from "../core/products/product.ts";
import type { SourceId } from "../core/source-ids.ts";
import type { BlockedBy } from "../core/sources/blocked-by.ts";
import type { Log } from "../platform/logger.ts";
import type { Meter } from "../platform/metrics.ts";
import type { CallRecord, ChainDeps } from "../sources/chain/chain-deps.ts";
import { type ChainOptions, runHorizonMs } from "../sources/chain/chain-request.ts";
import type { ProductOutcome as ChainOutcome, ChainResult } from "../sources/chain/chain-result.ts";
import { type ChainSource, isReady } from "../sources/chain/chain-source.ts";
import { countedCall } from "../sources/chain/counted-call.ts";
import { addVariations, hasVariations, type ListedFamilies, variationSources } from "./add-variations.ts";
import { toOutcome } from "./chain-outcome.ts";
import type { EnrichProducts, ProductOutcome, WantedProduct } from "./enrich-port.ts";
import { gaugeSources } from "./gauge-sources.ts";
import { paidFields, rememberedFailures, reusable } from "./known-products.ts";
import { type SourceSupply, walkProducts } from "./walk-products.ts";

export interface FetchDeps extends SourceSupply {
  readonly limiter: RateLimiter;
  readonly products: Pick<ProductStore, "getKnown">;
  readonly archive: Pick<RawArchive, "put">;
  readonly counters: Pick<DynamoSourceCounters, "count">;
  readonly cacheCounters: Pick<DynamoCacheCounters, "count">;
  readonly priority: "bulk" | "express";
  readonly upstreamTimeoutMs: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

const fromCache = (product: Product): ProductOutcome => ({
  result: {
    kind: "enriched",
    source: product.provenance.title?.source ?? "creators-api",
    from_cache: true,
    incomplete: false,
  },
});

/** Analytics lag by one invocation at worst; losing a count must not cost a product. */
const countCalls = async (deps: FetchDeps, calls: readonly CallRecord[]): Promise<void> => {
  for (const source of new Set(calls.map((call) => call.source))) {
    const counted = calls.filter((call) => call.source === source).map(countedCall);
    try {
      await deps.counters.count(source, counted);
    } catch (error) {
      deps.log.warn("calls not counted for analytics", { source, calls: counted.length, error: String(error) });
    }
  }
};

/** The same for products that were looked up in the table first. */
const countLookups = async (deps: FetchDeps, lookups: number, hits: number): Promise<void> => {
  try {
    await deps.cacheCounters.count({ lookups, hits });
  } catch (error) {
    deps.log.warn("look-ups not counted for analytics", { lookups, hits, error: String(error) });
  }
};

/** A product to be fetched, with what the table knows of it. */
interface Wanted extends WantedProduct {
  readonly known: KnownProduct | undefined;
  readonly existing: MergedFields;
}

/** Time kept at the end of an invocation for recording what the last call brought. */
const RECORD_MS = 15_000;
/** Calls whose products are delivered together: few, so that results show soon; whole ones, so that calls are full. */
const CALLS_PER_PART = 2;

/**
 * Products a call of the source that serves them, which is the first one that the part before called; a source that is
 * out for the day must not cut the next one's calls short.
 */
const callSize = (sources: readonly ChainSource[], provider: SourceId | null, called: ChainResult["calls"]): number => {
  const ready = sources.filter(isReady).map(({ descriptor }) => descriptor);
  const main = ready.find(({ id }) => called[id] !== undefined) ?? ready.find(({ id }) => id === provider) ?? ready[0];
  return main?.operations[0]?.idsPerCall ?? 10;
};

/**
 * Shops apart, because a call serves one shop only. Those that have waited for company come first: in a shop's last
 * call, which may be short, they would keep the others from waiting.
 */
const inCallOrder = (one: Wanted, other: Wanted): number =>
  Number(one.marketplace > other.marketplace) - Number(one.marketplace < other.marketplace) ||
  Number(other.waited) - Number(one.waited);

/**
 * The products from `from` on that are delivered together: whole calls. Where a shop begins in the middle, what would
 * be a short call of it goes with the products of the same shop that follow.
 */
const partFrom = (wanted: readonly Wanted[], from: number, perCall: number): readonly Wanted[] => {
  const part = wanted.slice(from, from + CALLS_PER_PART * perCall);
  const shop = part.at(-1)?.marketplace;
  if (wanted[from + part.length]?.marketplace !== shop) return part;
  const ofShop = part.filter(({ marketplace }) => marketplace === shop).length;
  return part.slice(0, part.length - (ofShop % perCall));
};

const blocksSoFar = (before: readonly BlockedBy[], now: readonly BlockedBy[]): BlockedBy[] => [
  ...before.filter((old) => !now.some(({ source }) => source === old.source)),
  ...now,
];

/** Adds the colours to what the chain enriched, product by product. */
const withVariations = async (
  deps: ChainDeps,
  result: ChainResult,
  options: ChainOptions,
  families: ListedFamilies,
): Promise<ChainResult> => {
  const able = variationSources(deps.sources);
  const outcomes = new Map<string, ChainOutcome>();
  let { blockedBy, warnings } = result;
  for (const [key, outcome] of result.outcomes) {
    if (outcome.kind !== "enriched" || (able.length > 0 && hasVariations(outcome, able))) {
      outcomes.set(key, outcome);
      continue;
    }
    const added = await addVariations(deps, outcome, options, families);
    outcomes.set(key, added.outcome);
    blockedBy = blocksSoFar(blockedBy, added.blocked_by);
    warnings = [...warnings, ...added.warnings];
  }
  return { ...result, outcomes, blockedBy, warnings };
};

/** Builds the port: products that are fresh come from the table, all others go through the chain, whole calls at a time. */
export const createFetchProducts =
  (deps: FetchDeps): EnrichProducts =>
  async ({ products, options, mayContinue, remainingMs, deliver }) => {
    const knownProducts = await deps.products.getKnown(products.map(({ key }) => key));
    const nowMs = deps.clock.now();
    const able = options.include_variations ? variationSources(await deps.readSources()) : [];
    const cached = new Map<string, ProductOutcome>();
    const wanted: Wanted[] = [];
    for (const product of products) {
      const known = knownProducts.get(product.key);
      const stored = options.force ? undefined : reusable(known, nowMs);
      if (stored && hasVariations(stored, able)) cached.set(product.key, fromCache(stored));
      else wanted.push({ ...product, known, existing: options.force ? NOTHING_MERGED : paidFields(known, nowMs) });
    }
    await countLookups(deps, products.length, cached.size);
    if (cached.size > 0) await deliver({ outcomes: cached, blocked_by: [] });
    if (wanted.length === 0) return;
    wanted.sort(inCallOrder);
    const families: ListedFamilies = new Map();
    let sources: readonly ChainSource[] = await deps.readSources();
    let blocked_by: BlockedBy[] = [];
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
      const depsFor = (asked: readonly ChainSource[]): ChainDeps =>
        chainDeps(deps, asked, mayContinue, remainingMs, calls);
      const walked = await walkProducts(deps, depsFor, sources, {
        products: part.map(({ asin, marketplace, suspicions, attempts, waited, reopened_at, known, existing }) => ({
          ...{ asin, marketplace, suspicions, attempts, waited, existing },
          knownFailures: options.force ? [] : rememberedFailures(known, nowMs, reopened_at),
        })),
        options: chainOptions,
      });
      ({ sources } = walked);
      called = walked.result.calls;
      const result = options.include_variations
        ? await withVariations(depsFor(sources), walked.result, chainOptions, families)
        : walked.result;
      await countCalls(deps, calls);
      for (const warning of result.warnings) deps.log.warn("enrichment went on without something", { warning });
      blocked_by = blocksSoFar(blocked_by, result.blockedBy);
      const outcomes = new Map<string, ProductOutcome>();
      for (const { key, known, existing } of part) {
        const outcome = result.outcomes.get(key);
        if (outcome) outcomes.set(key, toOutcome(outcome, { known, existing, options }, deps.clock.now()));
      }
      await deliver({ outcomes, blocked_by });
    }
    await gaugeSources(deps, sources);
  };

const chainDeps = (
  deps: FetchDeps,
  sources: readonly ChainSource[],
  mayContinue: () => Promise<boolean>,
  remainingMs: () => number,
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
  recordRaw: (answer) =>
    deps.archive.put(answer.source, answer.operation, answer.marketplace, answer.raw, answer.fetchedAt),
  countCall: (call) => {
    calls.push(call);
    deps.meter.count(METRICS.UPSTREAM_CALLS, 1, { source: call.source, outcome: call.outcome });
    if (call.outcome === "critical") deps.meter.count(METRICS.CRITICAL_UPSTREAM_ERROR, 1, { source: call.source });
  },
});
