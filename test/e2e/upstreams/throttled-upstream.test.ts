import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { CatalogStatus } from "../../../lambdas/common/core/contract/runs/run-status.ts";
import { asinSeries, csvOf } from "../../helpers/e2e/asins.ts";
import { openWorld, type World } from "../../helpers/e2e/open-world.ts";
import { waitFor } from "../../helpers/e2e/wait-for.ts";

/** Time for many calls at the stage's pace of twenty a second, if anybody made them. */
const SILENT_MS = 2_000;

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(() => world.upstream.begin());
afterAll(async () => {
  await world.upstream.begin();
  world.deployed.close();
});

const isOver = ({ state }: CatalogStatus): boolean => state.startsWith("completed");

/** The source's silences, failures and pauses are over. */
const calmLimit = (): Promise<void> =>
  world.deployed.limits.change(
    ({
      failures: _failures,
      failure_count: _count,
      throttles: _throttles,
      pauses: _pauses,
      pause_code: _code,
      pause_detail: _detail,
      open_until_ms: _until,
      quiet_until_ms: _quiet,
      ...item
    }) => ({
      ...item,
      breaker: "closed",
      epoch: item.epoch + 1,
      next_free_ms: Math.min(item.next_free_ms, Date.now()),
    }),
  );

describe("a source that throttles", () => {
  it("because its pace is slower than ours fails no product: the run gets done at the source's pace", async () => {
    // The stage is set to go at twenty calls a second; refused calls hold their place, so pressing on never gets in.
    await world.upstream.set({ calls_per_second: 1, refused_calls_count: true });
    const catalogId = await world.demo.start(csvOf(asinSeries("THRP", 50)), { batch_size: "5" });
    await waitFor(
      "a refused call",
      () => world.upstream.calls(),
      ({ by_status }) => (by_status["429"] ?? 0) > 0,
      60,
    );
    const status = await waitFor(
      "the run to get done",
      async () => {
        const now = await world.demo.status(catalogId);
        expect(now.counts.failed).toBe(0);
        // Five refusals in a minute open the breaker for five; a person would wait.
        if (now.state === "waiting_for_source") {
          await calmLimit();
          await world.deployed.letTimePass(catalogId);
        }
        return now;
      },
      isOver,
      90,
    );
    expect(status).toMatchObject({ state: "completed", counts: { enriched: 50, failed: 0 } });
    await calmLimit();
  });

  it("every call for a while uses up no attempt: all batches keep the silence, and continue when they are let in", async () => {
    await world.upstream.set({ endless_429: true, retry_after: "body" });
    const catalogId = await world.demo.start(csvOf(asinSeries("THRE", 30)), { batch_size: "5" });
    await waitFor(
      "a refused call",
      () => world.upstream.calls(),
      ({ by_status }) => (by_status["429"] ?? 0) > 0,
      60,
    );
    const waiting = await world.deployed.untilAllWait(catalogId, 6);
    for (const { items } of waiting) for (const { attempts } of items) expect(attempts).toBe(0);
    expect((await world.demo.status(catalogId)).counts).toEqual({ enriched: 0, failed: 0, pending: 30, cancelled: 0 });
    // A minute's silence was asked for, and it is kept: beyond the calls that were under way there is none.
    const { total } = await world.upstream.calls();
    expect(total).toBeLessThanOrEqual(waiting.length);
    await delay(SILENT_MS);
    expect((await world.upstream.calls()).total).toBe(total);
    const { last_at } = await world.upstream.calls();
    const quietFor = ((await world.deployed.limits.read())?.quiet_until_ms ?? 0) - Date.parse(last_at ?? "");
    expect(quietFor).toBeGreaterThan(55_000);

    await world.upstream.set({ endless_429: false });
    await calmLimit();
    await world.deployed.letTimePass(catalogId);
    expect(await world.demo.follow(catalogId, { seconds: 60 })).toMatchObject({
      state: "completed",
      counts: { enriched: 30, failed: 0 },
    });
  });
});

describe("a day whose calls are used up", () => {
  it("stops the run without a failed product, says until when, and it continues when calls are left again", async () => {
    const { calls_used = 0 } = (await world.deployed.limits.read()) ?? {};
    await world.deployed.limits.change((item) => ({ ...item, calls_used: 8_640 }));
    const catalogId = await world.demo.start(csvOf(asinSeries("THRD", 30)), { batch_size: "5" });
    const status = await world.demo.follow(catalogId, {
      seconds: 60,
      until: ({ state }) => state === "waiting_for_source",
    });
    expect(status).toMatchObject({
      counts: { enriched: 0, failed: 0, pending: 30 },
      blocked_by: [{ source: "creators-api", code: "daily-quota" }],
    });
    const resumesMs = Date.parse(status.estimate.resumes_at ?? "");
    expect(resumesMs).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    expect(status.blocked_by[0]?.retry_at).toBe(status.estimate.resumes_at);
    expect((await world.upstream.calls()).total).toBe(0);

    // What is due so late waits in the table and in no queue.
    const rows = await world.deployed.untilAllWait(catalogId, 6);
    for (const { due_at } of rows) expect(Date.parse(due_at ?? "")).toBeGreaterThan(Date.now() + 23 * 3_600_000);

    await world.deployed.limits.change((item) => ({ ...item, calls_used }));
    await world.deployed.letTimePass(catalogId);
    expect(await world.demo.follow(catalogId, { seconds: 60 })).toMatchObject({
      state: "completed",
      blocked_by: [],
      counts: { enriched: 30, failed: 0 },
    });
  });

  it("by the source's own count fails no product either", async () => {
    await world.upstream.set({ calls_per_day: 2 });
    const catalogId = await world.demo.start(csvOf(asinSeries("THRS", 40)), { batch_size: "10" });
    const stopped = await world.demo.follow(catalogId, {
      seconds: 60,
      until: ({ counts, state }) => counts.enriched === 20 && state === "waiting_for_source",
    });
    expect(stopped).toMatchObject({ counts: { enriched: 20, failed: 0, pending: 20 } });
    expect(stopped.blocked_by).toMatchObject([{ source: "creators-api" }]);
    expect(Date.parse(stopped.estimate.resumes_at ?? "")).toBeGreaterThan(Date.now() + 3_600_000);

    await waitFor(
      "the open batches to wait",
      async () => (await world.deployed.batches(catalogId)).map(({ lease_owner }) => lease_owner),
      (owners) => owners.every((owner) => owner === undefined),
      60,
    );
    await world.upstream.set({ calls_per_day: null });
    await calmLimit();
    await world.deployed.letTimePass(catalogId);
    expect(await world.demo.follow(catalogId, { seconds: 60 })).toMatchObject({
      state: "completed",
      counts: { enriched: 40, failed: 0 },
    });
  });
});
