import { ProductHistory } from "../../../lambdas/common/adapters/dynamodb/product-history/product-history.ts";
import { ProductKeys } from "../../../lambdas/common/adapters/dynamodb/products/product-keys.ts";
import { ProductStore } from "../../../lambdas/common/adapters/dynamodb/products/product-store.ts";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import type { Licence } from "../../../lambdas/common/core/licences/licence.ts";
import { NO_SHOP_SETTINGS, type ShopSettings } from "../../../lambdas/common/core/marketplaces/shop-settings.ts";
import type { Product } from "../../../lambdas/common/core/products/product.ts";
import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import type { OnceRequest, StoredAnswer } from "../../../lambdas/common/platform/http/once-request.ts";
import { createFetchNow } from "../../../lambdas/common/services/fetch/fetch-now.ts";
import type { ChainSource } from "../../../lambdas/common/sources/chain/chain-source.ts";
import { createApp } from "../../../lambdas/products-api/app.ts";
import type { Deps } from "../../../lambdas/products-api/deps.ts";
import { createReadKeptPrices } from "../../../lambdas/products-api/look-up/kept-prices.ts";
import { createSearchNow } from "../../../lambdas/products-api/look-up/search-now.ts";
import { unlimited } from "../../helpers/access/callers.ts";
import { testCursors } from "../../helpers/cursors.ts";
import { MemoryDynamo } from "../../helpers/memory/memory-dynamo.ts";
import { aProduct } from "../../helpers/products.ts";
import { LICENCES, rightsAt } from "../../helpers/rights.ts";
import { silentLog } from "../../helpers/silent.ts";
import { RecordingMeter } from "../../helpers/worlds/recording-meter.ts";
import { signedIn } from "../catalogs-api/fake-deps.ts";
import { FakeLimiter, fakeClock, US } from "../common/sources/chain/fakes.ts";

const CACHE_SECONDS: Partial<Record<SourceId, number>> = { "creators-api": 3_600, paapi: 3_600 };

/** The room over scripted sources and a table in memory, as a client sees it. */
export class ProductsWorld {
  readonly clock = fakeClock();
  readonly limiter = new FakeLimiter(this.clock);
  readonly dynamo = new MemoryDynamo({
    products: { keys: ["product_key"], indexes: { "refresh-bucket": ["refresh_bucket", "product_key"] } },
    "product-history": { keys: ["product_key", "changed_at_field"] },
  });
  readonly archived: string[] = [];
  /** What is remembered under Idempotency-Keys. */
  readonly remembered = new Map<string, StoredAnswer>();
  /** Keys whose views were counted. */
  readonly viewed: string[] = [];
  /** Sources that are revoked. */
  revoked: readonly SourceId[] = [];
  /** How long a look-up takes what a source gave from the table. */
  cacheSeconds = (source: SourceId): number => CACHE_SECONDS[source] ?? 1_800;
  /** Licences of the stage; a test may lift rules. */
  readonly licences: Record<SourceId, Licence> = { ...LICENCES };
  readonly lookups = { lookups: 0, hits: 0 };
  readonly store: ProductStore;
  /** What operators set for shops. */
  shops: ShopSettings = NO_SHOP_SETTINGS;
  readonly deps: Deps;
  readonly meter = new RecordingMeter();
  sources: readonly ChainSource[];
  readSources = async (): Promise<ChainSource[]> => [...this.sources];

  constructor(...sources: readonly ChainSource[]) {
    this.sources = sources;
    const { clock, limiter } = this;
    const client = this.dynamo.client();
    const revoked = async () => new Set(this.revoked);
    const { licences } = this;
    const products = new ProductStore(client, "products", { ...rightsAt(clock.now), licences, revoked }, silentLog);
    this.store = products;
    const cacheCounters = {
      count: async ({ lookups, hits }: { lookups: number; hits: number }) => {
        this.lookups.lookups += lookups;
        this.lookups.hits += hits;
      },
    };
    const asking = {
      readSources: () => this.readSources(),
      forgetSecret: () => undefined,
      counters: { count: async () => undefined },
      limiter,
      archive: { put: async (source: string) => `raw/${source}/${this.archived.push(source)}` },
      upstreamTimeoutMs: 30_000,
      clock,
      log: silentLog,
      meter: this.meter,
    };
    const history = new ProductHistory(client, "product-history");
    const fetchNow = createFetchNow({ ...asking, products });
    const countViews = async (keys: readonly string[]) => void this.viewed.push(...keys);
    this.deps = {
      keyCalls: unlimited,
      ...{ products, fetchNow, clock, countViews },
      searchNow: createSearchNow(asking),
      history,
      readKeptPrices: createReadKeptPrices({ ...asking, history, licences, revoked }),
      keys: new ProductKeys(client, "products"),
      licences,
      revoked,
      lookUp: {
        products,
        licences,
        fetchNow,
        cacheSeconds: (source) => this.cacheSeconds(source),
        clock,
        cacheCounters,
        countViews,
        log: silentLog,
      },
      answerOnce: (request, create) => this.#once(request, create),
      cursors: testCursors(),
      shops: async () => this.shops,
      defaultMarketplace: US,
      newId: () => "correlation-1",
      logger: { info: () => {}, warn: () => {}, error: () => {} },
    };
  }

  async #once({ key, route }: OnceRequest, create: () => Promise<StoredAnswer>): Promise<StoredAnswer> {
    if (key === undefined) return create();
    const id = `${route} ${key}`;
    const answer = this.remembered.get(id) ?? (await create());
    this.remembered.set(id, answer);
    return answer;
  }

  /** Stores a product that was fetched `ageMs` ago. */
  async put(overrides: Partial<Product> & { readonly asin: string }, ageMs = 0): Promise<Product> {
    const at = isoTime(this.clock.now() - ageMs);
    const times = { last_refresh_at: at, last_available_at: at, created_at: at, updated_at: at };
    const { asin, marketplace = US } = overrides;
    const product = aProduct({ ...times, product_id: `${marketplace}#${asin}`, marketplace, ...overrides });
    await this.store.saveMany([{ product, raw_keys: [], refresh_until: null }]);
    return product;
  }

  async #answer(path: string, init: RequestInit, user: string) {
    const answer = await createApp(this.deps).request(`/api/v1${path}`, init, signedIn(user));
    return { status: answer.status, headers: answer.headers, body: await answer.json() };
  }

  get(path: string, user = "u1") {
    return this.#answer(path, {}, user);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}) {
    const init = {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", ...headers },
    };
    return this.#answer(path, init, "u1");
  }
}
