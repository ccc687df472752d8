import type { KnownProduct } from "../common/adapters/dynamodb/products/product-reader.ts";
import { isoTime } from "../common/core/clock.ts";
import { TransientError } from "../common/core/errors.ts";
import { NOTHING_MERGED } from "../common/core/products/merge.ts";
import { productKey } from "../common/core/products/product-key.ts";
import { isDue } from "../common/core/refresh/due-product.ts";
import type {
  RefreshJob,
  RefreshJobProduct,
  SkipReason,
  StoredRefreshJob,
} from "../common/core/refresh/refresh-job.ts";
import type { RefreshMessage } from "../common/core/refresh/refresh-message.ts";
import { refreshStateOf } from "../common/core/refresh/refresh-state.ts";
import { settledJob } from "../common/core/refresh/settled-job.ts";
import type { Fetched } from "../common/services/fetch/fetch-now.ts";
import { type ChainOptions, HORIZON_MS } from "../common/sources/chain/chain-request.ts";
import { readyIn, sourcesFor } from "../common/sources/chain/plan/source-plan.ts";
import type { Deps } from "./deps.ts";
import { type Judged, judgeProduct } from "./judge-products.ts";

/** How the refresh asks: all sources in the stage's order, each within its share, in slots that nobody waits for. */
const REFRESHING: ChainOptions = {
  provider: null,
  fallback: true,
  priority: "refresh",
  horizonMs: HORIZON_MS.refresh,
};
/** Longest upstream call: nobody waits for it. */
const MAX_CALL_MS = 30_000;
/** A lease outlives the invocation, which Lambda ends for sure when its time is up, by so much. */
const LEASE_MARGIN_MS = 5_000;
/** Time that is left for recording when asking stops. */
const RECORDING_MS = 20_000;
/** Waits of a job that comes back in its hour. */
const LEAST_WAIT_MS = 30_000;
const MAX_WAIT_MS = 300_000;

/** A job with what is known of its products. */
interface Work {
  readonly job: StoredRefreshJob;
  /** By ASIN; what this pass need not ask for any more is not `pending`. */
  readonly products: readonly RefreshJobProduct[];
  readonly known: ReadonlyMap<string, KnownProduct>;
}

/**
 * Serves one job: fetches those of its products that are still due, stores them and records what came of each. One that must
 * wait for a slot comes back within its hour by a new message; one whose source is blocked, or whose hour is over, is
 * skipped, and the next plan has its products again. The status of a product changes by an answer only, never by an outage.
 * @throws TransientError when another worker holds the job
 */
export const refreshJob = async (deps: Deps, message: RefreshMessage, remainingMs: number): Promise<void> => {
  const { clock, jobs } = deps;
  const startedMs = clock.now();
  const claim = await jobs.claim(message, {
    owner: deps.newId(),
    now: isoTime(startedMs),
    until: isoTime(startedMs + remainingMs + LEASE_MARGIN_MS),
  });
  if (claim.kind === "settled") return;
  if (claim.kind === "leased") {
    const retryAfterSeconds = Math.max(1, Math.ceil((Date.parse(claim.until) - startedMs) / 1_000));
    throw new TransientError("another worker holds the job", { retryAfterSeconds });
  }
  const { job } = claim;
  if (job.valid_until <= isoTime(startedMs)) {
    await settle(deps, job, job.products, "not_served_in_its_hour");
    return;
  }
  const work = await stillDue(deps, job);
  const asked = work.products.filter(({ outcome }) => outcome === "pending");
  if (asked.length === 0) {
    await settle(deps, job, work.products, null);
    return;
  }
  const fetched = await deps.fetchNow(
    asked.map(({ asin }) => {
      const key = productKey(job.marketplace, asin);
      return { key, asin, marketplace: job.marketplace, known: work.known.get(key), existing: NOTHING_MERGED };
    }),
    {
      deadlineMs: startedMs + remainingMs - RECORDING_MS,
      includeVariations: false,
      asksAnew: true,
      keepsFresh: false,
      chain: REFRESHING,
      maxCallMs: MAX_CALL_MS,
    },
  );
  await record(deps, work, fetched);
};

/** Reads the products anew: a run or a look-up may have fetched them since the plan, or a person removed them. */
const stillDue = async (deps: Deps, job: StoredRefreshJob): Promise<Work> => {
  const keys = job.products.map(({ asin }) => productKey(job.marketplace, asin));
  const known = await deps.products.getKnown(keys, { consistent: true });
  const nowMs = deps.clock.now();
  const products = job.products.map((product): RefreshJobProduct => {
    if (product.outcome !== "pending") return product;
    const stored = known.get(productKey(job.marketplace, product.asin))?.product;
    if (!stored) return { ...product, outcome: "gone" };
    return isDue(refreshStateOf(stored, deps.licences), nowMs) ? product : { ...product, outcome: "fresh" };
  });
  return { job, products, known };
};

const record = async (deps: Deps, { job, products, known }: Work, fetched: Fetched): Promise<void> => {
  const nowMs = deps.clock.now();
  const judged = products.map((product): Judged => {
    if (product.outcome !== "pending") return { product };
    const key = productKey(job.marketplace, product.asin);
    const { outcomes, stored } = fetched;
    return judgeProduct(product.asin, known.get(key), outcomes.get(key), stored.get(key), deps.licences);
  });
  const after = judged.map(({ product }) => product);
  const keysOf = (isMeant: (product: RefreshJobProduct) => boolean): string[] =>
    after.filter(isMeant).map(({ asin }) => productKey(job.marketplace, asin));
  await deps.demand.countChanges(
    keysOf(({ changed }) => changed.length > 0),
    nowMs,
  );
  await deps.demand.noteFailed(
    keysOf(({ outcome }) => outcome === "failed"),
    nowMs,
  );
  logChanges(deps, job, after);
  const counted = { ...job, retry_count: job.retry_count + fetched.retries };
  const waits = judged.flatMap(({ wait }) => wait ?? []);
  const back = waits.filter(({ comesBack }) => comesBack);
  const dueMs = Math.min(
    ...back.map(({ retryAtMs }) => Math.min(MAX_WAIT_MS, Math.max(LEAST_WAIT_MS, (retryAtMs ?? 0) - nowMs))),
  );
  if (back.length > 0 && nowMs + dueMs < Date.parse(job.valid_until)) {
    await comeBack(deps, counted, after, dueMs);
    return;
  }
  const message = judged.find((one) => one.message !== undefined)?.message;
  await settle(deps, counted, after, waits[0]?.skipped ?? null, message);
};

/** The message first: when we die before the row is written, the lease ends and the message finds the job as it was. */
const comeBack = async (
  deps: Deps,
  job: StoredRefreshJob,
  products: readonly RefreshJobProduct[],
  delayMs: number,
): Promise<void> => {
  const { lease_owner: _owner, lease_until: _until, ...rest } = job;
  const next: StoredRefreshJob = {
    ...rest,
    products: [...products],
    status: "pending",
    generation: job.generation + 1,
    retry_count: job.retry_count + 1,
    circuit_breaker_state: await breakerFor(deps, job),
  };
  const { refresh_date, job_id, generation, marketplace } = next;
  await deps.queue.send(
    [
      {
        ...{ version: 1, refresh_date, job_id, generation, marketplace },
        products: products.map(({ asin }) => ({ asin })),
      },
    ],
    Math.ceil(delayMs / 1_000),
  );
  if (!(await deps.jobs.replace(job, next))) deps.log.warn("another worker has the job", { job_id });
};

const settle = async (
  deps: Deps,
  job: StoredRefreshJob,
  products: readonly RefreshJobProduct[],
  skipReason: SkipReason | null,
  errorMessage: string | null = null,
): Promise<void> => {
  const ended = settledJob(
    { ...job, circuit_breaker_state: await breakerFor(deps, job) },
    { products, now: isoTime(deps.clock.now()), skipReason, errorMessage },
  );
  if (!(await deps.jobs.replace(job, ended))) deps.log.warn("another worker has the job", { job_id: job.job_id });
};

/** Breaker of the first source that could be asked about the shop; null when there is none. */
const breakerFor = async (
  { readSources, limiter }: Deps,
  { marketplace }: StoredRefreshJob,
): Promise<RefreshJob["circuit_breaker_state"]> => {
  const [first] = readyIn(sourcesFor(await readSources(), marketplace, REFRESHING), marketplace);
  const [operation] = first?.descriptor.operations ?? [];
  return first && operation ? (await limiter.state(first.limitFor(operation))).breaker : null;
};

const logChanges = ({ log }: Deps, { marketplace }: StoredRefreshJob, products: readonly RefreshJobProduct[]): void => {
  for (const { asin, changed, outcome } of products) {
    if (changed.length === 0) continue;
    // Which field, and not its values: logs are kept longer than some licences allow.
    log.info("a product changed", { product_key: productKey(marketplace, asin), changed, outcome });
  }
};
