import { describe, expect, it } from "vitest";
import type { StoredRefreshJob } from "../../../lambdas/common/core/refresh/refresh-job.ts";
import { buildRefreshDeps } from "../../../lambdas/operations-api/refresh-deps.ts";
import { person } from "../../helpers/access/callers.ts";
import { MemoryDynamo } from "../../helpers/memory/memory-dynamo.ts";
import { silentLog } from "../../helpers/silent.ts";
import { fakeOperationsDeps } from "./fake-deps.ts";
import { operationsApi, signedIn } from "./operations-world.ts";

const OPERATOR = person("u2", "operators");

const aJob = (date: string, number: number): StoredRefreshJob => ({
  refresh_date: date,
  job_id: `${date}T10-000${number}`,
  planned_hour: `${date}T10`,
  marketplace: "www.amazon.com",
  status: "success",
  products: [{ asin: "B08DQQ8CBP", outcome: "refreshed", error_code: null, changed: [] }],
  scheduled_at: `${date}T10:00:00.000Z`,
  started_at: `${date}T10:00:01.000Z`,
  completed_at: `${date}T10:00:02.000Z`,
  retry_count: 0,
  error_code: null,
  error_message: null,
  circuit_breaker_state: "closed",
  skip_reason: null,
  generation: 1,
  valid_until: `${date}T11:00:00.000Z`,
  lease_owner: "worker",
  expires_at: 1,
});

const withRefresh = (refresh: Partial<ReturnType<typeof fakeOperationsDeps>["refresh"]>) =>
  operationsApi({ refresh: { ...fakeOperationsDeps().refresh, ...refresh } });

describe("GET /refresh/jobs", () => {
  /** Two days with three jobs each, two a page. */
  const jobs: Record<string, StoredRefreshJob[]> = Object.fromEntries(
    ["2026-08-01", "2026-07-30"].map((date) => [date, [3, 2, 1].map((number) => aJob(date, number))]),
  );
  const asked: (string | undefined)[] = [];
  const listDay: ReturnType<typeof fakeOperationsDeps>["refresh"]["jobs"]["listDay"] = async (
    date,
    status,
    { limit, after },
  ) => {
    asked.push(status);
    const from = Number(after?.from ?? 0);
    const items = (jobs[date] ?? []).slice(from, from + limit);
    const isMore = from + limit < (jobs[date]?.length ?? 0);
    return isMore ? { items, next: { from: from + limit } } : { items };
  };

  it("lists jobs of today and the days before, page by page, without what only workers need", async () => {
    const { get } = withRefresh({ jobs: { listDay } });
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const query = cursor === "" ? "" : `&cursor=${cursor}`;
      const { status, body } = await get(`/refresh/jobs?limit=2&status=success${query}`, signedIn);
      expect(status).toBe(200);
      seen.push(...body.items.map(({ job_id }: { job_id: string }) => job_id));
      if (body.items[0]) expect(Object.keys(body.items[0])).not.toContain("lease_owner");
      cursor = body.next_cursor;
    }
    expect(seen).toEqual(Object.values(jobs).flatMap((list) => list.map(({ job_id }) => job_id)));
    expect(new Set(asked)).toEqual(new Set(["success"]));
  });

  it("keeps to one day when it is named", async () => {
    const { get } = withRefresh({ jobs: { listDay } });
    const { body } = await get("/refresh/jobs?date=2026-07-30", signedIn);
    expect([body.items.length, body.next_cursor]).toEqual([3, null]);
    expect((await get("/refresh/jobs?date=yesterday", signedIn)).status).toBe(400);
  });
});

describe("GET /refresh/forecast", () => {
  it("answers what will end, from what the buckets held", async () => {
    const bucket = {
      bucket: 0,
      as_of: "2026-08-01T11:00:00.000Z",
      shops: [{ marketplace: "www.amazon.com", products: 10, ended: 2, ends_by_hour: Array(24).fill(0) }],
    };
    const { get } = withRefresh({ plans: { readBuckets: async () => [bucket] } });
    const { status, body } = await get("/refresh/forecast", signedIn);
    expect(status).toBe(200);
    expect(body).toMatchObject({ products: 10, will_expire: { count: 2 }, as_of: bucket.as_of });
  });
});

describe("POST /refresh/run", () => {
  it("has the planner plan, for operators only", async () => {
    let requests = 0;
    const { post } = withRefresh({
      requestPlan: async () => {
        requests += 1;
      },
    });
    expect((await post("/refresh/run", {}, signedIn)).status).toBe(403);
    expect(requests).toBe(0);
    expect(await post("/refresh/run", {}, OPERATOR)).toMatchObject({
      status: 202,
      body: { requested_at: "2026-08-01T12:00:00.000Z" },
    });
    expect(requests).toBe(1);
  });
});

describe("on a stage without the daily refresh", () => {
  const refresh = buildRefreshDeps(
    { REFRESH_JOBS_TABLE_NAME: "jobs", PLAN_REFRESH_FUNCTION_NAME: "off" },
    {
      documents: new MemoryDynamo({ jobs: { keys: ["refresh_date", "job_id"] } }).client(),
      log: silentLog,
    },
  );
  const off = { status: 409, body: { code: "refresh_off", detail: expect.stringContaining('"daily_refresh": true') } };

  it("a plan and a forecast are refused with the fix, and the jobs of before are still listed", async () => {
    const { get, post } = withRefresh(refresh);
    expect(await post("/refresh/run", {}, OPERATOR)).toMatchObject(off);
    expect(await get("/refresh/forecast", signedIn)).toMatchObject(off);
    expect((await post("/refresh/run", {}, signedIn)).status).toBe(403);
    const { jobs, plans } = refresh;
    expect(await withRefresh({ jobs, plans }).get("/refresh/jobs", signedIn)).toMatchObject({
      status: 200,
      body: { items: [] },
    });
  });
});
