import { RefreshDemand } from "../../../../../../lambdas/common/adapters/dynamodb/refresh-demand/refresh-demand.ts";
import { RefreshJobStore } from "../../../../../../lambdas/common/adapters/dynamodb/refresh-jobs/refresh-job-store.ts";
import { RefreshPlanStore } from "../../../../../../lambdas/common/adapters/dynamodb/refresh-jobs/refresh-plan-store.ts";
import type { StoredRefreshJob } from "../../../../../../lambdas/common/core/refresh/refresh-job.ts";
import { NOON } from "../../../../../helpers/rows.ts";
import { silentLog } from "../../../../../helpers/silent.ts";
import type { WriteCases } from "./write-case.ts";

const iso = (ms = 0): string => new Date(NOON + ms).toISOString();
const KEY = "www.amazon.com#B000000001";
const job: StoredRefreshJob = {
  ...{ refresh_date: iso().slice(0, 10), job_id: "T12-0001", marketplace: "www.amazon.com", status: "pending" },
  products: [{ asin: "B000000001", outcome: "pending", error_code: null, changed: [] }],
  ...{ scheduled_at: iso(), started_at: null, completed_at: null, retry_count: 0 },
  ...{ error_code: null, error_message: null, circuit_breaker_state: null, skip_reason: null },
  ...{ planned_hour: iso().slice(0, 13), generation: 1, valid_until: iso(3_600_000), expires_at: 1 },
};
const lease = { owner: "worker-1", now: iso(), until: iso(90_000) };
const held = { refresh_date: "plans", job_id: "lease", lease_owner: "planner-1", lease_until: iso(90_000) };

/** Writes of the daily refresh. */
export const REFRESH_WRITES: WriteCases = {
  "refresh-demand/refresh-demand.ts": {
    countViews: { write: (c) => new RefreshDemand(c, "refresh-demand").countViews([KEY], NOON, 3) },
    countChanges: {
      seeds: { "refresh-demand": [{ product_key: KEY, last_call: "another" }] },
      write: (c) => new RefreshDemand(c, "refresh-demand").countChanges([KEY], NOON),
    },
    noteFailed: { write: (c) => new RefreshDemand(c, "refresh-demand").noteFailed([KEY], NOON) },
  },
  "refresh-jobs/refresh-job-store.ts": {
    create: { write: (c) => new RefreshJobStore(c, "refresh-jobs", silentLog).create([job]) },
    claim: {
      seeds: { "refresh-jobs": [job] },
      write: (c) => new RefreshJobStore(c, "refresh-jobs", silentLog).claim(job, lease),
    },
    replace: {
      seeds: { "refresh-jobs": [job] },
      write: (c) => new RefreshJobStore(c, "refresh-jobs", silentLog).replace(job, { ...job, status: "skipped" }),
    },
  },
  "refresh-jobs/refresh-plan-store.ts": {
    begin: { write: (c) => new RefreshPlanStore(c, "refresh-jobs").begin("planner-1", lease.now, lease.until) },
    end: {
      seeds: { "refresh-jobs": [held] },
      write: (c) => new RefreshPlanStore(c, "refresh-jobs").end("planner-1", job.planned_hour),
    },
    saveBucket: {
      write: (c) =>
        new RefreshPlanStore(c, "refresh-jobs").saveBucket({
          ...{ bucket: 3, as_of: lease.now },
          shops: [{ marketplace: "www.amazon.com", products: 2, ended: 1, ends_by_hour: Array<number>(24).fill(0) }],
        }),
    },
  },
};
