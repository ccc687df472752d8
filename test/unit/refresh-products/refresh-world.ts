import { ContentEnds } from "../../../lambdas/common/adapters/dynamodb/content-ends/content-ends.ts";
import { ProductKeys } from "../../../lambdas/common/adapters/dynamodb/products/product-keys.ts";
import { ProductStore } from "../../../lambdas/common/adapters/dynamodb/products/product-store.ts";
import { RefreshStates } from "../../../lambdas/common/adapters/dynamodb/products/refresh-states.ts";
import { RefreshDemand } from "../../../lambdas/common/adapters/dynamodb/refresh-demand/refresh-demand.ts";
import { RefreshJobStore } from "../../../lambdas/common/adapters/dynamodb/refresh-jobs/refresh-job-store.ts";
import { RefreshPlanStore } from "../../../lambdas/common/adapters/dynamodb/refresh-jobs/refresh-plan-store.ts";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import type { LicenceBook } from "../../../lambdas/common/core/licences/licence-book.ts";
import { NO_SHOP_SETTINGS, type ShopSettings } from "../../../lambdas/common/core/marketplaces/shop-settings.ts";
import type { Product } from "../../../lambdas/common/core/products/product.ts";
import type { RefreshMessage } from "../../../lambdas/common/core/refresh/refresh-message.ts";
import { createFetchNow } from "../../../lambdas/common/services/fetch/fetch-now.ts";
import type { PlanDeps } from "../../../lambdas/common/services/refresh/plan-deps.ts";
import { type PlanReport, planRefresh } from "../../../lambdas/common/services/refresh/plan-refresh.ts";
import type { SourceStatus } from "../../../lambdas/common/services/source-statuses.ts";
import type { ChainSource } from "../../../lambdas/common/sources/chain/chain-source.ts";
import type { Deps } from "../../../lambdas/refresh-products/deps.ts";
import { refreshJob } from "../../../lambdas/refresh-products/refresh-job.ts";
import { MemoryDynamo } from "../../helpers/memory/memory-dynamo.ts";
import { aProduct } from "../../helpers/products.ts";
import { LICENCES } from "../../helpers/rights.ts";
import { silentLog } from "../../helpers/silent.ts";
import { limitState, sourceStatus } from "../../helpers/source-status.ts";
import { RecordingMeter } from "../../helpers/worlds/recording-meter.ts";
import { FakeLimiter, fakeClock, US } from "../common/sources/chain/fakes.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Time that an invocation has. */
export const REMAINING_MS = 150_000;

/** Both functions of the refresh over tables and a queue in memory, scripted sources and a clock of the test's own. */
export class RefreshWorld {
  readonly clock = fakeClock();
  readonly limiter = new FakeLimiter(this.clock);
  readonly dynamo = new MemoryDynamo({
    products: { keys: ["product_key"], indexes: { "refresh-bucket": ["refresh_bucket", "product_key"] } },
    ends: { keys: ["ends_hour", "ends_at_id"] },
    jobs: { keys: ["refresh_date", "job_id"] },
    demand: { keys: ["product_key"] },
  });
  readonly #client = this.dynamo.client();
  readonly messages: { readonly message: RefreshMessage; readonly delaySeconds: number }[] = [];
  readonly ends = new ContentEnds(this.#client, "ends", this.clock);
  readonly demand = new RefreshDemand(this.#client, "demand");
  readonly jobs = new RefreshJobStore(this.#client, "jobs", silentLog);
  readonly plans = new RefreshPlanStore(this.#client, "jobs");
  readonly store: ProductStore;
  readonly planDeps: PlanDeps;
  readonly deps: Deps;
  readonly meter = new RecordingMeter();
  sources: readonly ChainSource[];
  /** What operators set for shops. */
  shops: ShopSettings = NO_SHOP_SETTINGS;
  readSources = async (): Promise<ChainSource[]> => [...this.sources];
  statuses: readonly SourceStatus[] = [this.status()];
  #ids = 0;

  constructor(sources: readonly ChainSource[], licences: LicenceBook = LICENCES) {
    this.sources = sources;
    const { clock, limiter, ends, demand, jobs } = this;
    const client = this.#client;
    const rights = { licences, clock, ends, revoked: async () => new Set<never>() };
    this.store = new ProductStore(client, "products", rights, silentLog);
    const newId = () => {
      this.#ids += 1;
      return `id-${this.#ids}`;
    };
    const queue = {
      send: async (messages: readonly RefreshMessage[], delaySeconds = 0) => {
        for (const message of messages) this.messages.push({ message, delaySeconds });
      },
    };
    this.planDeps = {
      keys: new ProductKeys(client, "products"),
      states: new RefreshStates(client, "products", rights),
      ...{ ends, demand, jobs, plans: this.plans, queue, clock, newId, log: silentLog },
      readSourceStatuses: async () => this.statuses,
      shops: async () => this.shops,
    };
    const asking = {
      readSources: () => this.readSources(),
      forgetSecret: () => undefined,
      counters: { count: async () => undefined },
      archive: { put: async (source: string) => `raw/${source}/1` },
      upstreamTimeoutMs: 30_000,
      ...{ limiter, clock, log: silentLog, meter: this.meter },
    };
    this.deps = {
      ...asking,
      ...{ newId, products: this.store, licences, jobs, demand, queue },
      fetchNow: createFetchNow({ ...asking, products: this.store }),
      ownQueue: {
        changeVisibility: async () => undefined,
        changeVisibilities: async () => undefined,
        remove: async () => undefined,
      },
    };
  }

  /** The first source, with so many calls left for the refresh. */
  status(callsPerDay = 2_592, callsLeft = callsPerDay): SourceStatus {
    const refresh = { unitsPerDay: callsPerDay, unitsLeft: callsLeft };
    return sourceStatus({ id: "creators-api", state: limitState({ refresh }) });
  }

  /** Stores a product of the refresh that was fetched `ageHours` ago. */
  async put(asin: string, ageHours: number, more: Partial<Product> = {}, keptHours = 720): Promise<Product> {
    const at = isoTime(this.clock.now() - ageHours * HOUR_MS);
    const times = { last_refresh_at: at, last_available_at: at, created_at: at, updated_at: at };
    const product = aProduct({ ...times, asin, product_id: `${US}#${asin}`, ...more });
    const refresh_until = keptHours > 0 ? isoTime(this.clock.now() + keptHours * HOUR_MS) : null;
    await this.store.saveMany([{ product, raw_keys: [], refresh_until }]);
    return product;
  }

  plan(by: "schedule" | "person" = "schedule"): Promise<PlanReport> {
    return planRefresh(this.planDeps, { by, untilMs: this.clock.now() + HOUR_MS });
  }

  /** Delivers every message that is in the queue now; those that come back stay in it. */
  async serve(deps: Deps = this.deps): Promise<void> {
    for (const { message } of this.messages.splice(0)) await refreshJob(deps, message, REMAINING_MS);
  }

  /** All jobs of today and yesterday, in their order. */
  async allJobs() {
    const now = this.clock.now();
    const days = [now - DAY_MS, now].map((ms) => isoTime(ms).slice(0, 10));
    const pages = await Promise.all(days.map((day) => this.jobs.listDay(day, undefined, { limit: 1_000 })));
    return pages.flatMap(({ items }) => items).toSorted((a, b) => (a.job_id < b.job_id ? -1 : 1));
  }

  async product(asin: string): Promise<Product | undefined> {
    const key = `${US}#${asin}`;
    return (await this.store.getMany([key])).get(key);
  }
}
