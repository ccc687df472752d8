import type { KnownProduct } from "../../adapters/dynamodb/products/product-reader.ts";
import type { ProductStore } from "../../adapters/dynamodb/products/product-store.ts";
import type { RunOptions } from "../../core/catalogs/run-options.ts";
import { isoTime } from "../../core/clock.ts";
import type { MergedFields } from "../../core/products/merge.ts";
import type { Product } from "../../core/products/product.ts";
import type { StoredProduct } from "../../core/products/stored-product.ts";
import type { ChainDeps } from "../../sources/chain/chain-deps.ts";
import type { ChainOptions, ChainProduct } from "../../sources/chain/chain-request.ts";
import type { ChainOutcome, ChainResult } from "../../sources/chain/chain-result.ts";
import { type ChainSource, isReady } from "../../sources/chain/chain-source.ts";
import { askChain } from "../enrich/ask-chain.ts";
import { NOT_FOUND_MS, rememberedFailures } from "../enrich/not-found-memory.ts";
import { productOutcomeOf } from "../enrich/product-outcome-of.ts";
import { type SourceWatch, watchSources } from "../enrich/watch-sources.ts";
import { withVariations } from "../enrich/with-variations.ts";
import { INTERACTIVE, type InteractiveDeps, interactiveChain, MIN_CALL_MS } from "./interactive-chain.ts";

/** Waits before a call that failed for a passing reason is made again, each time in a slot of its own. */
const RETRY_DELAYS_MS = [1_000, 2_000, 4_000] as const;
/** A product to fetch now. */
export interface Wanted {
  readonly key: string;
  readonly asin: string;
  readonly marketplace: string;
  readonly known: KnownProduct | undefined;
  /** Stored fields that need not be fetched again. */
  readonly existing: MergedFields;
}

/** How it is fetched. */
export interface FetchOptions {
  /** Epoch milliseconds by which the answer is there; nothing is started that could end later. */
  readonly deadlineMs: number;
  readonly includeVariations: boolean;
  /** Whether sources that said within the last day that they do not have a product are asked all the same. */
  readonly asksAnew: boolean;
  /** Whether the daily refresh keeps the product from now on. */
  readonly keepsFresh: boolean;
  /** Priority and patience. @default those of somebody who waits */
  readonly chain?: ChainOptions;
  /** Longest that one upstream call may take, milliseconds. @default that for somebody who waits */
  readonly maxCallMs?: number;
}

/** What came of it. */
export interface Fetched {
  /** Whether any source has credentials. */
  readonly configured: boolean;
  /** By product key, one for each. */
  readonly outcomes: ReadonlyMap<string, ChainOutcome>;
  /** What is stored now, by product key; absent where nothing new came. */
  readonly stored: ReadonlyMap<string, Product>;
  /** How often calls that failed for a passing reason were made again. */
  readonly retries: number;
}

/** Fetches products through the chain now and stores what came. */
export type FetchNow = (wanted: readonly Wanted[], options: FetchOptions) => Promise<Fetched>;

/** What fetching works with. */
export interface FetchDeps extends InteractiveDeps {
  readonly products: Pick<ProductStore, "allowed" | "saveMany" | "rememberNotFound">;
}

/** A product without its colours is worth more than none: what keeps them back becomes the reason why they are missing. */
const withoutColours = (before: ChainOutcome, after: ChainOutcome): ChainOutcome => {
  if (before.kind !== "enriched" || after.kind !== "wait") return after;
  const reason = `they could not be listed now (${after.detail}); import it again`;
  return {
    ...before,
    rawKeys: after.rawKeys,
    missing: [...before.missing.filter(({ field }) => field !== "variants"), { field: "variants", reason }],
  };
};

const addColours = async (deps: ChainDeps, result: ChainResult, options: ChainOptions): Promise<ChainResult> => {
  const added = await withVariations(deps, result, options, new Map());
  const outcomes = new Map(
    [...added.outcomes].map(([key, after]) => [key, withoutColours(result.outcomes.get(key) ?? after, after)] as const),
  );
  return { ...added, outcomes };
};

const runOptions = ({ asksAnew, includeVariations, keepsFresh }: FetchOptions): RunOptions => ({
  ...{ provider: null, fallback: true, batch_size: 5 },
  force: asksAnew,
  include_variations: includeVariations,
  refresh_daily: keepsFresh,
});

/** Builds `FetchNow`. */
export const createFetchNow =
  (deps: FetchDeps): FetchNow =>
  (wanted, options) =>
    watchSources(deps, async (watch) => {
      const { sources, outcomes, retries } = await askSources(deps, watch, wanted, options);
      // What no source was called for is no news.
      const stored =
        watch.calls.length === 0
          ? new Map<string, Product>()
          : await store(deps, wanted, outcomes, runOptions(options));
      return { configured: sources.some(isReady), outcomes, stored, retries };
    });

/** Asks about all products, and once more about those that failed for a passing reason, as long as there is time. */
const askSources = async (
  deps: FetchDeps,
  watch: SourceWatch,
  wanted: readonly Wanted[],
  options: FetchOptions,
): Promise<Pick<Fetched, "outcomes" | "retries"> & { readonly sources: readonly ChainSource[] }> => {
  const { deadlineMs, chain = INTERACTIVE } = options;
  const { clock, log } = deps;
  const depsFor = (used: readonly ChainSource[]): ChainDeps =>
    interactiveChain(deps, used, { deadlineMs, maxCallMs: options.maxCallMs }, watch);
  let sources: readonly ChainSource[] = await deps.readSources();
  watch.sees(sources);
  const outcomes = new Map<string, ChainOutcome>();

  const ask = async (products: readonly ChainProduct[]): Promise<void> => {
    const asked = await askChain(deps, depsFor, sources, { products, options: chain });
    ({ sources } = asked);
    watch.sees(sources);
    const result = options.includeVariations ? await addColours(depsFor(sources), asked.result, chain) : asked.result;
    for (const warning of result.warnings) log.warn("a look-up continued without something", { warning });
    for (const [key, outcome] of result.outcomes) {
      const rawKeys = [...new Set([...(outcomes.get(key)?.rawKeys ?? []), ...outcome.rawKeys])];
      outcomes.set(key, { ...outcome, rawKeys });
    }
  };
  const nowMs = clock.now();
  const first = wanted.map(({ asin, marketplace, existing, known }) => ({
    ...{ asin, marketplace, existing },
    knownFailures: options.asksAnew ? [] : rememberedFailures(known, nowMs),
  }));
  await ask(first);
  let retries = 0;
  for (const delayMs of RETRY_DELAYS_MS) {
    const again = wanted.flatMap(({ key, asin, marketplace }) => {
      const outcome = outcomes.get(key);
      if (outcome?.kind !== "retry") return [];
      return [{ asin, marketplace, existing: outcome.partial, knownFailures: outcome.sourceFailures }];
    });
    if (again.length === 0 || clock.now() + delayMs + MIN_CALL_MS > deadlineMs) break;
    await clock.sleep(delayMs);
    await ask(again);
    retries += 1;
  }
  return { sources, outcomes, retries };
};

const store = async (
  deps: FetchDeps,
  wanted: readonly Wanted[],
  outcomes: ReadonlyMap<string, ChainOutcome>,
  options: RunOptions,
): Promise<Map<string, Product>> => {
  const nowMs = deps.clock.now();
  const toSave: StoredProduct[] = [];
  const notFound: Promise<void>[] = [];
  for (const { key, known, existing } of wanted) {
    const outcome = outcomes.get(key);
    // A look-up for which no source was called brought nothing, but might drop what older fields still say.
    if (!outcome || (outcome.kind === "enriched" && outcome.fromCache)) continue;
    const { product, notFoundAt = [] } = productOutcomeOf(outcome, { known, existing, options }, nowMs);
    if (product) toSave.push(product);
    notFound.push(deps.products.rememberNotFound(key, notFoundAt, isoTime(nowMs + NOT_FOUND_MS)));
  }
  const allowed = await deps.products.allowed(toSave);
  const [refused] = await Promise.all([deps.products.saveMany(allowed), ...notFound]);
  for (const [product_key, reason] of refused) deps.log.error("a product cannot be stored", { product_key, reason });
  return new Map(
    allowed
      .filter(({ product }) => !refused.has(product.product_id))
      .map(({ product }) => [product.product_id, product]),
  );
};
