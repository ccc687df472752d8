import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import type { CatalogStatus } from "../../../lambdas/common/core/contract/runs/run-status.ts";
import { asinSeries, csvOf } from "../../helpers/e2e/asins.ts";
import { Backups } from "../../helpers/e2e/backups.ts";
import { openWorld, type World } from "../../helpers/e2e/open-world.ts";
import { waitFor } from "../../helpers/e2e/wait-for.ts";

let world: World;
let backups: Backups;
beforeAll(async () => {
  world = await openWorld();
  backups = new Backups(inject("outputs"), inject("stateDir"));
  // The limiter's item exists from the first call on; its pace is set below.
  await world.upstream.begin();
  await world.demo.follow(await world.demo.start(csvOf(asinSeries("LCWM", 5))), { seconds: 60 });
});
afterAll(() => {
  world.deployed.close();
  backups.close();
});

const CALLS_PER_SECOND = 2;
/** After a stop no call starts later than this: measured by the number of calls, which a busy machine makes no larger. */
const STOPPED_AFTER_SECONDS = 5;
/** Time for several calls, if anybody made them. */
const QUIET_MS = 3_000;

/** Lets the account go at so many calls a second while `during` runs. */
const atPace = async (callsPerSecond: number, during: () => Promise<void>): Promise<void> => {
  await world.deployed.limits.change((item) => ({ ...item, announced_rate: callsPerSecond, guard_ms: 50 }));
  try {
    await during();
  } finally {
    await world.deployed.limits.change(({ announced_rate: _rate, ...item }) => item);
  }
};

const control = async (verb: string, catalogId: string) => {
  const { status, body } = await world.demo.call("POST", `/catalogs/${catalogId}/${verb}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return body;
};

const midRun = (catalogId: string) =>
  world.demo.follow(catalogId, { seconds: 60, until: ({ counts }) => counts.enriched >= 10 });

const callsSoFar = async (): Promise<number> => (await world.upstream.calls()).total;

/** Waits until a stop must hold, then sees that no call comes any more. @param stoppedAt calls when it was stopped */
const expectQuiet = async (catalogId: string, stoppedAt: number): Promise<void> => {
  await waitFor(
    `nobody to work on ${catalogId}`,
    async () => (await world.deployed.batches(catalogId)).map(({ lease_owner }) => lease_owner),
    (owners) => owners.every((owner) => owner === undefined),
    30,
  );
  const total = await callsSoFar();
  expect(total - stoppedAt).toBeLessThanOrEqual(STOPPED_AFTER_SECONDS * CALLS_PER_SECOND);
  await delay(QUIET_MS);
  expect(await callsSoFar()).toBe(total);
};

/** A run as it was while it was paused, and one of its products that waited then. */
interface Paused {
  readonly before: CatalogStatus;
  readonly pending: string;
}

/**
 * The rows of the run are lost after it completed, and put back as they were while it was paused. It continues from there, asks no source
 * again for what is stored and good, and gives nothing out whose licence ended meanwhile.
 */
const expectRestore = async (catalogId: string, { before, pending }: Paused): Promise<void> => {
  await backups.endContentOf(pending);
  await backups.lose(catalogId);
  await world.demo.refusal(404, "GET", `/catalogs/${catalogId}/status`);
  expect(await backups.restore("enrichment-status")).toMatch(/Rows that only restored-\S+ has: [1-9]\d*, put back/);
  const back = await world.demo.status(catalogId);
  expect(back).toMatchObject({ state: "paused", counts: before.counts });
  expect(await world.demo.call("GET", `/products/${pending}`)).toMatchObject({
    body: { title: null, current_price: null },
  });
  await world.upstream.begin();
  expect(await control("resume", catalogId)).toMatchObject({ state: "running" });
  const done = await world.demo.follow(catalogId, { seconds: 60 });
  expect(done).toMatchObject({ state: "completed", counts: { enriched: 150, failed: 0, cancelled: 0, pending: 0 } });
  expect((await world.upstream.calls()).total).toBe(1);
  expect(await world.demo.call("GET", `/products/${pending}`)).toMatchObject({ body: { title: expect.any(String) } });
};

describe("a run that is paused", () => {
  it("makes no call after 5 s, keeps what it has, and completes when it is resumed", async () => {
    await world.upstream.begin();
    let catalogId = "";
    let paused: Paused | undefined;
    await atPace(CALLS_PER_SECOND, async () => {
      catalogId = await world.demo.start(csvOf(asinSeries("LCPA", 150)), { batch_size: "5" });
      await midRun(catalogId);
      expect(await control("pause", catalogId)).toMatchObject({ state: "paused" });
      const stoppedAt = await callsSoFar();
      await world.demo.refusal(409, "POST", `/catalogs/${catalogId}/pause`);
      await expectQuiet(catalogId, stoppedAt);
      const before = await world.demo.status(catalogId);
      expect(before.state).toBe("paused");
      expect(before.counts.pending).toBeGreaterThan(0);
      const products = await world.demo.products(catalogId);
      paused = { before, pending: products.find(({ state }) => state === "pending")?.asin ?? "" };
      await backups.take("enrichment-status");
    });
    expect(await control("resume", catalogId)).toMatchObject({ state: "running" });
    await world.demo.refusal(409, "POST", `/catalogs/${catalogId}/resume`);
    const done = await world.demo.follow(catalogId, { seconds: 60 });
    expect(done).toMatchObject({ state: "completed", counts: { enriched: 150, pending: 0 } });
    expect((await world.upstream.calls()).by_status).toEqual({ "200": expect.any(Number) });
    if (!paused) throw new Error("the run was not paused");
    await expectRestore(catalogId, paused);
  });
});

describe("a run that is cancelled", () => {
  it("settles every product within seconds, exactly, and makes no further call", async () => {
    await world.upstream.begin();
    await atPace(CALLS_PER_SECOND, async () => {
      const catalogId = await world.demo.start(csvOf(asinSeries("LCCA", 200)), { batch_size: "5" });
      await midRun(catalogId);
      expect(await control("cancel", catalogId)).toMatchObject({ state: "cancelled" });
      const quiet = expectQuiet(catalogId, await callsSoFar());
      const ended = await world.demo.follow(catalogId, {
        seconds: 20,
        until: ({ finished_at }) => finished_at !== null,
      });
      await quiet;
      const { enriched, cancelled } = ended.counts;
      expect(ended).toMatchObject({ state: "cancelled", counts: { pending: 0, failed: 0 } });
      expect(enriched + cancelled).toBe(200);
      // How much was done before depends on the machine; that no call comes after is held above.
      expect(cancelled).toBeGreaterThan(0);
      const products = await world.demo.products(catalogId, { limit: "100" });
      expect(products.filter(({ state }) => state === "enriched")).toHaveLength(enriched);
      expect(products.filter(({ state }) => state === "cancelled")).toHaveLength(cancelled);
      for (const verb of ["pause", "resume", "cancel", "retry"]) {
        await world.demo.refusal(409, "POST", `/catalogs/${catalogId}/${verb}`);
      }
    });
  });
});

describe("a catalog that is deleted while it runs", () => {
  it("is gone at once, makes no further call, leaves its products, and is removed in the background", async () => {
    await world.upstream.begin();
    await atPace(CALLS_PER_SECOND, async () => {
      const catalogId = await world.demo.start(csvOf(asinSeries("LCDE", 150)), { batch_size: "5" });
      await midRun(catalogId);
      const enriched = (await world.demo.products(catalogId)).find(({ state }) => state === "enriched");
      await world.other.refusal(404, "DELETE", `/catalogs/${catalogId}`);
      expect((await world.demo.call("DELETE", `/catalogs/${catalogId}`)).status).toBe(202);
      const stoppedAt = await callsSoFar();
      for (const path of ["", "/status", "/products", "/failures"]) {
        await world.demo.refusal(404, "GET", `/catalogs/${catalogId}${path}`);
      }
      await world.demo.refusal(404, "DELETE", `/catalogs/${catalogId}`);
      await expectQuiet(catalogId, stoppedAt);
      await waitFor(
        "its rows to be removed",
        async () => {
          await world.deployed.invoke("reconcile");
          return (await world.deployed.batches(catalogId)).length;
        },
        (rows) => rows === 0,
        60,
      );
      expect(await world.deployed.rawKeys(`www.amazon.com#${enriched?.asin}`)).not.toEqual([]);
      expect((await world.demo.catalogs()).map(({ catalog_id }) => catalog_id)).not.toContain(catalogId);
    });
  });
});

describe("failed products", () => {
  it("are retried inside their run once their cause is gone, by code or by ASIN", async () => {
    const asins = asinSeries("LCRE", 20);
    const [gone = "", closed = "", other = ""] = asins;
    await world.upstream.begin({
      fail_asins: { [closed]: "ItemNotAccessible", [other]: "InvalidParameterValue" },
      not_found_asins: [gone],
    });
    const catalogId = await world.demo.start(csvOf(asins));
    const failed = await world.demo.follow(catalogId, { seconds: 60 });
    expect(failed).toMatchObject({ state: "completed_with_failures", counts: { enriched: 17, failed: 3 } });
    const listed = await world.demo.call("GET", `/catalogs/${catalogId}/failures`);
    expect(listed.body).toMatchObject({ items: expect.arrayContaining([expect.objectContaining({ asin: closed })]) });
    const path = `/catalogs/${catalogId}/retry`;
    const retry = (body: unknown) =>
      world.demo.call("POST", path, { body: JSON.stringify(body), headers: { "content-type": "application/json" } });

    expect(await retry({ dry_run: true })).toMatchObject({ status: 200, body: { matched: 3, reopened: 0 } });
    await world.upstream.set({ fail_asins: {}, not_found_asins: [] });
    expect(await retry({ asins: [closed] })).toMatchObject({ status: 202, body: { matched: 1, reopened: 1 } });
    const once = await world.demo.follow(catalogId, { seconds: 60, until: ({ counts }) => counts.pending === 0 });
    expect(once.counts).toEqual({ enriched: 18, failed: 2, pending: 0, cancelled: 0 });
    expect(await retry({ error_codes: ["InvalidParameterValue"] })).toMatchObject({
      status: 202,
      body: { reopened: 1 },
    });
    const twice = await world.demo.follow(catalogId, { seconds: 60, until: ({ counts }) => counts.pending === 0 });
    expect(twice.counts).toEqual({ enriched: 19, failed: 1, pending: 0, cancelled: 0 });
    const left = await world.demo.call("GET", `/catalogs/${catalogId}/failures`);
    expect(left.body).toMatchObject({ items: [{ asin: gone, retrying: false }], next_cursor: null });
    expect((await retry({ error_codes: ["InvalidParameterValue"] })).status).toBe(409);
    // Written as in the user's own file. That the source did not have it is not believed any more.
    expect(await retry({ asins: [` ${gone.toLowerCase()} `] })).toMatchObject({ status: 202, body: { reopened: 1 } });
    const whole = await world.demo.follow(catalogId, { seconds: 60, until: ({ counts }) => counts.pending === 0 });
    expect(whole.counts).toEqual({ enriched: 20, failed: 0, pending: 0, cancelled: 0 });
    expect(await world.demo.follow(catalogId, { seconds: 30 })).toMatchObject({ state: "completed" });
  });
});
