import type { ProductHistory } from "../../common/adapters/dynamodb/product-history/product-history.ts";
import type { ProductStore } from "../../common/adapters/dynamodb/products/product-store.ts";
import type { LicenceBook } from "../../common/core/licences/licence-book.ts";
import type { RevokedSources } from "../../common/core/licences/revocations/without-revoked.ts";
import type { ShopSettings } from "../../common/core/marketplaces/shop-settings.ts";
import type { CacheSeconds } from "../../common/core/products/look-up-rules.ts";
import type { SourceId } from "../../common/core/source-ids.ts";
import type { Log } from "../../common/platform/logger.ts";
import { createMeter } from "../../common/platform/metrics.ts";
import { createFetchNow, type FetchNow } from "../../common/services/fetch/fetch-now.ts";
import type { CountViews } from "../../common/services/refresh/count-views.ts";
import { buildCountViews } from "../../common/services/wiring/products/count-views.ts";
import { buildProductStore } from "../../common/services/wiring/products/product-store.ts";
import { buildSourceChain, type SourceChainParts } from "../../common/services/wiring/sources/source-chain.ts";
import { describeSource } from "../../common/sources/registry/registry.ts";
import type { Env } from "../env.ts";
import { createReadKeptPrices, type ReadKeptPrices } from "./kept-prices.ts";
import type { LookUpDeps } from "./look-up.ts";
import { createSearchNow, type SearchNow } from "./search-now.ts";

/** Stored products, and the ways to ask the sources for others. */
export interface LookUps {
  readonly products: Pick<ProductStore, "getMany" | "getKnown">;
  readonly licences: LicenceBook;
  /** Counts that somebody read products, for the choice of what is refreshed. */
  readonly countViews: CountViews;
  /** Sources of which nothing may be given out. */
  readonly revoked: () => Promise<RevokedSources>;
  /** What operators set for shops. */
  readonly shops: () => Promise<ShopSettings>;
  readonly fetchNow: FetchNow;
  readonly searchNow: SearchNow;
  readonly readKeptPrices: ReadKeptPrices;
  readonly lookUp: LookUpDeps;
}

/** Of a source that the stage has no more: what it once gave is still in the table. */
const DEFAULT_CACHE_SECONDS = 1_800;

/** How long look-ups take from the table what a source gave: the stage's setting, else the source's own. */
const cacheSecondsOf = ({ SOURCES }: Pick<Env, "SOURCES">): CacheSeconds => {
  const seconds = new Map<SourceId, number>();
  for (const { id, cache_seconds } of SOURCES) {
    const own = cache_seconds ?? describeSource(id)?.cacheTtl;
    if (own !== undefined) seconds.set(id, own);
  }
  return (source) => seconds.get(source) ?? describeSource(source)?.cacheTtl ?? DEFAULT_CACHE_SECONDS;
};

/** Builds them. */
export const buildLookUps = (
  env: Env,
  parts: Omit<SourceChainParts, "revoked" | "onClosed" | "log"> & {
    readonly log: Pick<Log, "info" | "warn" | "error">;
    readonly history: Pick<ProductHistory, "prices" | "savePrices">;
  },
): LookUps => {
  const { clock, log, history } = parts;
  const { products, licences, revoked } = buildProductStore(env, parts);
  const chain = buildSourceChain(env, { ...parts, revoked });
  const asking = {
    ...chain,
    upstreamTimeoutMs: env.UPSTREAM_TIMEOUT_MS,
    clock,
    log,
    meter: createMeter(env.STAGE),
  };
  const fetchNow = createFetchNow({ ...asking, products });
  const { cacheCounters } = chain;
  const countViews = buildCountViews(env, parts);
  const cacheSeconds = cacheSecondsOf(env);
  return {
    ...{ products, licences, countViews, revoked, fetchNow, shops: chain.shops },
    searchNow: createSearchNow(asking),
    readKeptPrices: createReadKeptPrices({ ...asking, history, licences, revoked }),
    lookUp: { products, licences, fetchNow, cacheSeconds, clock, cacheCounters, countViews, log },
  };
};
