import { createDocumentClient, createS3Client } from "../common/adapters/aws/aws-clients.ts";
import { IdempotencyStore } from "../common/adapters/dynamodb/operations/idempotency-store.ts";
import { ProductHistory } from "../common/adapters/dynamodb/product-history/product-history.ts";
import { ProductKeys } from "../common/adapters/dynamodb/products/product-keys.ts";
import type { ProductStore } from "../common/adapters/dynamodb/products/product-store.ts";
import { RawArchive } from "../common/adapters/s3/raw-archive.ts";
import type { LicenceBook } from "../common/core/licences/licence-book.ts";
import type { RevokedSources } from "../common/core/licences/revocations/without-revoked.ts";
import type { ShopSettings } from "../common/core/marketplaces/shop-settings.ts";
import type { CacheSeconds } from "../common/core/products/look-up-rules.ts";
import type { SourceId } from "../common/core/source-ids.ts";
import type { Cursors } from "../common/platform/http/cursors.ts";
import type { AnswerOnce } from "../common/platform/http/once-request.ts";
import { createMeter } from "../common/platform/metrics.ts";
import { createFetchNow, type FetchNow } from "../common/services/fetch/fetch-now.ts";
import { type ApiContext, buildApiContext } from "../common/services/wiring/api-context.ts";
import { buildCursors } from "../common/services/wiring/cursors.ts";
import { buildProductStore } from "../common/services/wiring/product-store.ts";
import { buildSourceChain } from "../common/services/wiring/sources/source-chain.ts";
import { describeSource } from "../common/sources/registry/registry.ts";
import type { Env } from "./env.ts";
import type { LookUpDeps } from "./look-up/look-up.ts";
import { createSearchNow, type SearchNow } from "./look-up/search-now.ts";

/** Everything the routes of this room need. */
export interface Deps extends ApiContext {
  readonly products: Pick<ProductStore, "getMany" | "getKnown">;
  readonly keys: Pick<ProductKeys, "list">;
  readonly history: Pick<ProductHistory, "list">;
  readonly licences: LicenceBook;
  /** Sources of which nothing may be given out. */
  readonly revoked: () => Promise<RevokedSources>;
  readonly fetchNow: FetchNow;
  readonly searchNow: SearchNow;
  readonly lookUp: LookUpDeps;
  readonly answerOnce: AnswerOnce;
  /** Seals and opens the cursors of lists. */
  readonly cursors: Cursors;
  /** Shop of requests that name none. */
  readonly defaultMarketplace: string;
  /** What operators set for shops. */
  readonly shops: () => Promise<ShopSettings>;
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

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documents = createDocumentClient();
  const context = buildApiContext(env);
  const { clock, newId, logger: log } = context;
  const { products, licences, revoked } = buildProductStore(env, { documents, clock, log });
  const chain = buildSourceChain(env, { documents, clock, newId, log, revoked });
  const asking = {
    ...chain,
    archive: new RawArchive(createS3Client(), env.BUCKET_NAME, newId),
    upstreamTimeoutMs: env.UPSTREAM_TIMEOUT_MS,
    clock,
    log,
    meter: createMeter(env.STAGE),
  };
  const fetchNow = createFetchNow({ ...asking, products });
  const idempotency = new IdempotencyStore(env.OPERATIONS_TABLE_NAME);
  const { cacheCounters } = chain;
  return {
    ...context,
    products,
    keys: new ProductKeys(documents, env.PRODUCTS_TABLE_NAME),
    history: new ProductHistory(documents, env.HISTORY_TABLE_NAME),
    licences,
    revoked,
    fetchNow,
    searchNow: createSearchNow(asking),
    lookUp: { products, licences, fetchNow, cacheSeconds: cacheSecondsOf(env), clock, cacheCounters, log },
    answerOnce: (request, create) => idempotency.answerOnce(request, create),
    cursors: buildCursors(env, clock),
    shops: chain.shops,
    defaultMarketplace: env.DEFAULT_MARKETPLACE,
  };
};
