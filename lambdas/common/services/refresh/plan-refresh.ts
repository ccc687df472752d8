import { MAX_FUNCTION_SECONDS } from "../../core/base-env.ts";
import { isoTime } from "../../core/clock.ts";
import { DAY_MS, HOUR_MS } from "../../core/durations.ts";
import { endsHour } from "../../core/licences/content-end.ts";
import { productKey } from "../../core/products/product-key.ts";
import { productsIn } from "../../core/refresh/bucket-summary.ts";
import { PLAN_EVERY_MS, shopOf } from "../../core/refresh/due-product.ts";
import { callsThisHour } from "../../core/refresh/hourly-budget.ts";
import { planHour } from "../../core/refresh/plan-hour.ts";
import { isHeld, isSettled, JOB_DAYS, type StoredRefreshJob } from "../../core/refresh/refresh-job.ts";
import type { RefreshMessage } from "../../core/refresh/refresh-message.ts";
import type { RefreshState } from "../../core/refresh/refresh-state.ts";
import { settledJob } from "../../core/refresh/settled-job.ts";
import { worthOf } from "../../core/refresh/worth.ts";
import type { SourceStatus } from "../source-statuses.ts";
import { dueInBucket, endingSoon, furtherBuckets } from "./find-due.ts";
import type { PlanDeps } from "./plan-deps.ts";
import { type ShopSupply, shopSupply } from "./refresh-supply.ts";

/** Longer than any function that plans can live. */
const LEASE_MS = MAX_FUNCTION_SECONDS * 1_000;
/** Buckets that the schedule searches beside that of the hour, while calls are left. */
const FURTHER_BUCKETS = 3;
/** A product that could not be fetched and has ended already is left alone for so long. */
const FAILED_REST_MS = 6 * HOUR_MS;

/** Jobs of a plan that are noted as skipped; more would say no more of the same outage. */
const MAX_SKIPPED_JOBS = 100;

/** What one plan came to. */
export interface PlanReport {
  /** `under_way`: another planner is at work; `planned_already`: the schedule called twice. */
  readonly state: "planned" | "under_way" | "planned_already";
  /** Jobs that were sent, and their products. */
  readonly jobs: number;
  readonly products: number;
  /** Jobs that were skipped because their source is blocked. */
  readonly skipped: number;
  /** Products that should be fetched in this hour and are not. */
  readonly leftOut: number;
  /** Jobs of earlier hours that nobody served. */
  readonly notServed: number;
  /** Messages of jobs of this hour that were sent again: an earlier plan may have died. */
  readonly resent: number;
}

/** A report as the log and the function's answer have it. */
export const reportFields = ({ leftOut, notServed, ...report }: PlanReport) => ({
  ...report,
  left_out: leftOut,
  not_served: notServed,
});

const emptyReport = (state: PlanReport["state"]): PlanReport => ({
  ...{ state, jobs: 0, products: 0, skipped: 0, leftOut: 0, notServed: 0, resent: 0 },
});

/** Who asks, and how much time there is. */
export interface PlanRequest {
  /** The schedule plans each hour once; a person as often as it is asked, and over all that is due. */
  readonly by: "schedule" | "person";
  /** Epoch milliseconds from which no further bucket is searched. */
  readonly untilMs: number;
}

/**
 * Plans the refresh of this hour: finds what is due, chooses what the sources can serve, writes a job for each call and sends
 * its message. Safe to run at any time, by many at once and after one that died: one planner works at a time, products of
 * jobs of this hour are in no other, and what was never fetched is due again.
 * @throws TransientError; what was written by then is found by the next plan
 */
export const planRefresh = async (deps: PlanDeps, request: PlanRequest): Promise<PlanReport> => {
  const nowMs = deps.clock.now();
  const owner = deps.newId();
  if (!(await deps.plans.begin(owner, isoTime(nowMs), isoTime(nowMs + LEASE_MS)))) return emptyReport("under_way");
  let plannedHour: string | null = null;
  try {
    const hour = endsHour(nowMs);
    if (request.by === "schedule" && (await deps.plans.lastHour()) === hour) return emptyReport("planned_already");
    const report = await plan(deps, request, nowMs);
    plannedHour = hour;
    return report;
  } finally {
    await deps.plans.end(owner, plannedHour);
  }
};

const plan = async (deps: PlanDeps, request: PlanRequest, nowMs: number): Promise<PlanReport> => {
  const hour = endsHour(nowMs);
  const known = (
    await Promise.all([nowMs, nowMs - DAY_MS].map((ms) => deps.jobs.listOf(isoTime(ms).slice(0, 10), hour)))
  ).flat();
  const notServed = await settleEarlier(deps, known, nowMs);
  const ofThisHour = known.filter(({ planned_hour }) => planned_hour === hour);
  const lost = ofThisHour.filter((job) => job.status === "pending" && job.generation === 1);
  await deps.queue.send(lost.map(messageOf));
  const taken = new Set(
    known
      .filter((job) => job.planned_hour === hour || (!isSettled(job) && isHeld(job, isoTime(nowMs))))
      .flatMap(({ marketplace, products }) => products.map(({ asin }) => productKey(marketplace, asin))),
  );

  const sources = await deps.readSourceStatuses();
  const due = await findDue(deps, request, sources, taken);
  const summaries = await deps.plans.readBuckets();
  const kept = summaries.reduce((sum, summary) => sum + productsIn(summary), 0);
  const jobs = await chooseJobs(deps, { request, due, sources, kept, firstNumber: ofThisHour.length + 1, nowMs });
  // The rows first: a message without its row would be dropped, a row without its message is sent again.
  await deps.jobs.create(jobs.all);
  const sent = jobs.all.filter(({ status }) => status === "pending");
  await deps.queue.send(sent.map(messageOf));
  const report: PlanReport = {
    state: "planned",
    jobs: sent.length,
    products: sent.reduce((sum, { products }) => sum + products.length, 0),
    skipped: jobs.all.length - sent.length,
    leftOut: jobs.leftOut,
    notServed,
    resent: lost.length,
  };
  deps.log.info("refresh planned", { ...reportFields(report), due: due.size, kept });
  return report;
};

/** Ends the jobs of earlier hours that nobody serves any more; their products are due again. */
const settleEarlier = async (deps: PlanDeps, known: readonly StoredRefreshJob[], nowMs: number): Promise<number> => {
  const now = isoTime(nowMs);
  let count = 0;
  for (const job of known) {
    if (isSettled(job) || isHeld(job, now) || job.valid_until > now) continue;
    const ended = settledJob(job, { products: job.products, now, skipReason: "not_served_in_its_hour" });
    if (await deps.jobs.replace(job, ended)) count += 1;
  }
  return count;
};

const findDue = async (
  deps: PlanDeps,
  request: PlanRequest,
  sources: readonly SourceStatus[],
  taken: ReadonlySet<string>,
): Promise<Map<string, RefreshState>> => {
  const current = new Date(deps.clock.now()).getUTCHours();
  const due = await endingSoon(deps);
  const add = (more: ReadonlyMap<string, RefreshState>): void => {
    for (const [key, state] of more) due.set(key, state);
  };
  add(await dueInBucket(deps, current));
  const all = request.by === "person";
  const further = furtherBuckets(await deps.plans.readBuckets(), { current, all });
  const room = Math.max(...sources.map((source) => roomOf(source, deps.clock.now())), 0);
  for (const bucket of all ? further : further.slice(0, FURTHER_BUCKETS)) {
    if (deps.clock.now() >= request.untilMs || (!all && due.size >= room)) break;
    add(await dueInBucket(deps, bucket));
  }
  for (const key of taken) due.delete(key);
  return due;
};

/** Products that a source can take in this hour, were they all its. */
const roomOf = (source: SourceStatus, nowMs: number): number => {
  const [shop = ""] = source.marketplaces;
  const { supply, blocked } = shopSupply([source], shop, nowMs);
  return blocked === null ? callsThisHour(supply, 0) * supply.idsPerCall : 0;
};

const chooseJobs = async (
  deps: PlanDeps,
  {
    request,
    due,
    sources,
    kept,
    firstNumber,
    nowMs,
  }: {
    readonly request: PlanRequest;
    readonly due: ReadonlyMap<string, RefreshState>;
    readonly sources: readonly SourceStatus[];
    readonly kept: number;
    readonly firstNumber: number;
    readonly nowMs: number;
  },
): Promise<{ readonly all: readonly StoredRefreshJob[]; readonly leftOut: number }> => {
  const demand = await deps.demand.read([...due.keys()], nowMs);
  const bySource = new Map<string, { shop: ShopSupply; due: RefreshState[] }>();
  for (const state of due.values()) {
    const failedAtMs = demand.get(state.key)?.failedAtMs;
    const rests = failedAtMs !== undefined && state.endsAtMs <= nowMs && nowMs - failedAtMs < FAILED_REST_MS;
    if (rests && request.by === "schedule") continue;
    const shop = shopSupply(sources, shopOf(state.key), nowMs);
    const id = shop.source?.id ?? "";
    const group = bySource.get(id) ?? { shop, due: [] };
    group.due.push(state);
    bySource.set(id, group);
  }
  const all: StoredRefreshJob[] = [];
  let leftOut = 0;
  for (const { shop, due: products } of bySource.values()) {
    const { supply, blocked } = shop;
    const calls = blocked === null ? callsThisHour(supply, kept) : MAX_SKIPPED_JOBS;
    const planned = planHour(
      products.map((state) => ({ ...state, worth: worthOf(demand.get(state.key) ?? NO_DEMAND) })),
      { nowMs, calls, idsPerCall: supply.idsPerCall },
    );
    leftOut += planned.leftOut;
    for (const call of planned.calls) {
      const asins = call.products.map(({ key }) => key.slice(call.marketplace.length + 1));
      all.push(newJob({ marketplace: call.marketplace, asins, shop, number: firstNumber + all.length, nowMs }));
    }
  }
  return { all, leftOut };
};

const NO_DEMAND = { viewsPerDay: 0, changesPerDay: 0 };

const newJob = ({
  marketplace,
  asins,
  shop,
  number,
  nowMs,
}: {
  readonly marketplace: string;
  readonly asins: readonly string[];
  readonly shop: ShopSupply;
  readonly number: number;
  readonly nowMs: number;
}): StoredRefreshJob => {
  const now = isoTime(nowMs);
  const hour = endsHour(nowMs);
  const job: StoredRefreshJob = {
    refresh_date: now.slice(0, 10),
    job_id: `${hour}-${String(number).padStart(4, "0")}`,
    planned_hour: hour,
    marketplace,
    status: "pending",
    products: asins.map((asin) => ({ asin, outcome: "pending", error_code: null, changed: [] })),
    scheduled_at: now,
    started_at: null,
    completed_at: null,
    retry_count: 0,
    error_code: null,
    error_message: null,
    circuit_breaker_state: shop.source?.state?.breaker ?? null,
    skip_reason: null,
    generation: 1,
    valid_until: isoTime(nowMs + PLAN_EVERY_MS),
    expires_at: Math.ceil(nowMs / 1_000) + JOB_DAYS * 86_400,
  };
  return shop.blocked === null ? job : settledJob(job, { products: job.products, now, skipReason: shop.blocked });
};

/** The message that points to a job. */
export const messageOf = ({
  refresh_date,
  job_id,
  generation,
  marketplace,
  products,
}: StoredRefreshJob): RefreshMessage => ({
  ...{ version: 1, refresh_date, job_id, generation, marketplace },
  products: products.map(({ asin }) => ({ asin })),
});
