import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FailureGroupDetailSchema } from "../../../lambdas/common/core/contract/operations/failure-groups.ts";
import type { CatalogStatus } from "../../../lambdas/common/core/contract/runs/run-status.ts";
import { asinSeries, csvOf } from "../../helpers/e2e/asins.ts";
import { openWorld, type World } from "../../helpers/e2e/open-world.ts";
import { waitFor } from "../../helpers/e2e/wait-for.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
beforeEach(() => world.upstream.begin());
afterAll(async () => {
  await world.upstream.begin();
  world.deployed.close();
});

/** The products of a catalog by how they ended. */
const endsOf = async (catalogId: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    (await world.demo.products(catalogId)).map(({ asin, state, error_code }) => [asin, error_code ?? state]),
  );

describe("products that the source does not give", () => {
  const [closed = "", invalid = "", gone = "", unknown = "", ...fine] = asinSeries("FAIL", 24);

  it("fail each with its code, and their neighbours in the same calls are enriched", async () => {
    await world.upstream.set({
      fail_asins: { [closed]: "ItemNotAccessible", [invalid]: "InvalidParameterValue", [unknown]: "ItemNotFound" },
      not_found_asins: [gone],
    });
    const catalogId = await world.demo.start(csvOf([closed, invalid, gone, unknown, ...fine]));
    const status = await world.demo.follow(catalogId, { seconds: 60 });
    expect(status).toMatchObject({
      state: "completed_with_failures",
      counts: { enriched: 20, failed: 4, pending: 0 },
      by_source: { "creators-api": 20 },
      failures: [
        { error_code: "ItemNotAccessible", count: 2 },
        { error_code: "InvalidParameterValue", count: 1 },
        { error_code: "ItemNotFound", count: 1 },
      ],
    });
    expect(await endsOf(catalogId)).toEqual({
      [closed]: "ItemNotAccessible",
      [invalid]: "InvalidParameterValue",
      [gone]: "ItemNotAccessible",
      [unknown]: "ItemNotFound",
      ...Object.fromEntries(fine.map((asin) => [asin, "enriched"])),
    });
    expect((await world.demo.products(catalogId, { state: "failed" })).map(({ asin }) => asin)).toEqual([
      closed,
      invalid,
      gone,
      unknown,
    ]);
    const rows = await world.deployed.failures(status.tracking_id ?? "");
    expect(rows.map(({ product_key, error_code, source }) => ({ product_key, error_code, source }))).toEqual(
      [
        [closed, "ItemNotAccessible"],
        [invalid, "InvalidParameterValue"],
        [gone, "ItemNotAccessible"],
        [unknown, "ItemNotFound"],
      ].map(([asin, error_code]) => ({
        product_key: `www.amazon.com#${asin}`,
        error_code,
        source: "creators-api",
      })),
    );
  });

  it("a not-found is remembered, so the next run does not ask for it again", async () => {
    const catalogId = await world.demo.start(csvOf([unknown]));
    expect(await world.demo.follow(catalogId, { seconds: 60 })).toMatchObject({ counts: { failed: 1 } });
    expect((await world.upstream.calls()).total).toBe(0);
  });

  it("products without any offer are enriched and counted as incomplete, with what is missing and why", async () => {
    const asins = asinSeries("FNUL", 12);
    const unpriced = asins.slice(0, 3);
    await world.upstream.set({ null_price_asins: unpriced });
    const catalogId = await world.demo.start(csvOf(asins));
    expect(await world.demo.follow(catalogId, { seconds: 60 })).toMatchObject({
      state: "completed",
      counts: { enriched: 12, failed: 0 },
      of_which: { incomplete: 3 },
    });
    const missing = await world.demo.products(catalogId, { missing: "current_price" });
    expect(missing.map(({ asin }) => asin)).toEqual(expect.arrayContaining(unpriced));
    for (const { asin, product } of missing.filter((item) => unpriced.includes(item.asin))) {
      expect(product).toMatchObject({ asin, current_price: null, status: "draft" });
      expect(product?.missing.find(({ field }) => field === "current_price")?.reason).toContain("creators-api");
      expect(product?.title).not.toBeNull();
    }
  });
});

/** Minutes later: what waited is due, and the limiter holds no failure of long ago against the source. */
const muchLater = async (catalogId: string): Promise<CatalogStatus> => {
  await world.deployed.limits.change(
    ({ failures: _failures, failure_count: _count, open_until_ms: _until, ...item }) => ({
      ...item,
      breaker: "closed",
      epoch: item.epoch + 1,
    }),
  );
  await world.deployed.letTimePass(catalogId);
  return world.demo.status(catalogId);
};

/** The cool-down of an open breaker is over, now instead of in five minutes. */
const endCoolDown = (): Promise<void> =>
  world.deployed.limits.change((item) => ({
    ...item,
    ...(item.breaker === "open" ? { open_until_ms: Math.min(item.open_until_ms ?? 0, Date.now()) } : {}),
  }));

const isOver = ({ state }: CatalogStatus): boolean => state.startsWith("completed");

describe("a source that is down", () => {
  it.each([503, "reset"])("(%s) fails no product: the run continues when it is back", async (outage) => {
    await world.upstream.set({ outage });
    const asins = asinSeries(outage === 503 ? "FOUT" : "FRES", 30);
    const catalogId = await world.demo.start(csvOf(asins), { batch_size: "5" });
    await waitFor(
      "calls that fail",
      () => world.upstream.calls(),
      ({ total }) => total >= 2,
      60,
    );
    const during = await world.demo.status(catalogId);
    expect(during.counts).toMatchObject({ enriched: 0, failed: 0, pending: 30 });
    await world.upstream.set({ outage: false });
    const status = await waitFor("the run to continue after the outage", () => muchLater(catalogId), isOver, 60);
    expect(status).toMatchObject({ state: "completed", counts: { enriched: 30, failed: 0 } });
  });

  it("opens the breaker, the run says so, and one probe closes it again", async () => {
    await world.upstream.set({ outage: 500 });
    const catalogId = await world.demo.start(csvOf(asinSeries("FBRK", 60)), { batch_size: "5" });
    const blocked = await waitFor(
      "the run to wait for an open breaker",
      async () => {
        const status = await world.demo.status(catalogId);
        if (status.state !== "waiting_for_source") await world.deployed.letTimePass(catalogId);
        return status;
      },
      ({ state }) => state === "waiting_for_source",
      60,
    );
    expect(blocked.counts).toMatchObject({ enriched: 0, failed: 0, pending: 60 });
    expect(blocked.blocked_by).toMatchObject([{ source: "creators-api", code: "circuit-open" }]);
    expect(Date.parse(blocked.blocked_by[0]?.retry_at ?? "")).toBeGreaterThan(Date.now());
    expect(await world.deployed.limits.read()).toMatchObject({ breaker: "open" });

    // While it is open nobody calls, also when batches wake up too early.
    const [before] = await world.deployed.untilAllWait(catalogId, 12);
    const { total } = await world.upstream.calls();
    await world.deployed.letTimePass(catalogId);
    await waitFor(
      "a batch that woke up in vain",
      () => world.deployed.batches(catalogId),
      ([now]) => (now?.generation ?? 0) > (before?.generation ?? 0) + 1,
      60,
    );
    expect((await world.upstream.calls()).total).toBe(total);

    await world.upstream.set({ outage: false });
    const status = await waitFor(
      "the run to end after the breaker's cool-down",
      async () => {
        await endCoolDown();
        await world.deployed.letTimePass(catalogId);
        return world.demo.status(catalogId);
      },
      isOver,
      60,
    );
    expect(status).toMatchObject({ state: "completed", counts: { enriched: 60, failed: 0 }, blocked_by: [] });
    expect(await world.deployed.limits.read()).toMatchObject({ breaker: "closed" });
  });
});

describe("a source that is back after a short outage", () => {
  it("is asked at once for what waits for it, not only when each product's own wait is over", async () => {
    await world.upstream.set({ outage: 503 });
    const catalogId = await world.demo.start(csvOf(asinSeries("FWAK", 60)), { batch_size: "5" });
    await waitFor(
      "the run to wait for an open breaker",
      async () => {
        const status = await world.demo.status(catalogId);
        if (status.state !== "waiting_for_source") await world.deployed.letTimePass(catalogId);
        return status;
      },
      ({ state }) => state === "waiting_for_source",
      60,
    );
    const waiting = await world.deployed.untilAllWait(catalogId, 12);
    expect(waiting.flatMap(({ items }) => items.filter(({ held_by }) => held_by?.length === 1)).length).toBeGreaterThan(
      0,
    );

    // Only the breaker's cool-down ends: no batch is made due, and their messages come in minutes.
    await world.upstream.set({ outage: false });
    await endCoolDown();
    await world.deployed.invoke("reconcile");
    const status = await world.demo.follow(catalogId, { seconds: 90 });
    expect(status).toMatchObject({ state: "completed", counts: { enriched: 60, failed: 0 }, blocked_by: [] });
    expect((await world.upstream.calls()).total).toBeGreaterThan(5);
  });
});

const JSON_BODY = { "content-type": "application/json" };

const groupOf = async (groupId: string) => {
  const { status, body } = await world.demo.call("GET", `/operations/failures/${groupId}`);
  expect(status).toBe(200);
  return FailureGroupDetailSchema.parse(body);
};

const tryGroup = async (groupId: string, size: 1 | 10 | "all"): Promise<void> => {
  const request = { headers: JSON_BODY, body: JSON.stringify({ size }) };
  const { status, body } = await world.demo.call("POST", `/operations/failures/${groupId}/try`, request);
  expect([status, body]).toMatchObject([202, { state: "trying", trial: { size } }]);
};

describe("a group of failures over two catalogs", () => {
  // Nothing else fails with this code, so that the group is ours alone.
  const GROUP = "ValidationException.creators-api";
  const [one, two] = [asinSeries("FGRA", 8), asinSeries("FGRB", 5)];
  // Of a call in which nothing is good the source gives another code.
  const [fineOne, fineTwo] = [asinSeries("FGRC", 2), asinSeries("FGRD", 1)];

  it("is tried by one, ten and all, until the runs in which they failed are green", async () => {
    const fail_asins = Object.fromEntries([...one, ...two].map((asin) => [asin, "ValidationException"]));
    await world.upstream.set({ fail_asins });
    const catalogs = [
      await world.demo.start(csvOf([...one, ...fineOne])),
      await world.demo.start(csvOf([...two, ...fineTwo])),
    ];
    const failed = await Promise.all(catalogs.map((id) => world.demo.follow(id, { seconds: 60 })));
    expect(failed.map(({ counts }) => counts.failed)).toEqual([8, 5]);
    expect(await groupOf(GROUP)).toMatchObject({ state: "open", count: 13, catalogs: 2, share: 0.8125, history: [] });
    expect((await world.other.call("GET", `/operations/failures/${GROUP}`)).status).toBe(404);

    await world.upstream.set({ fail_asins: {} });
    await tryGroup(GROUP, 1);
    const tried = () => groupOf(GROUP);
    const isOver = ({ state }: { state: string }): boolean => state !== "trying";
    expect(await waitFor("the outcome of one", tried, isOver, 60)).toMatchObject({
      ...{ state: "open", count: 12 },
      trial: { state: "done", tried: 1, healed: 1 },
    });
    await tryGroup(GROUP, 10);
    expect(await waitFor("the outcomes of ten", tried, isOver, 60)).toMatchObject({
      ...{ state: "open", count: 2 },
      trial: { state: "done", tried: 10, healed: 10 },
    });
    await tryGroup(GROUP, "all");
    const healed = await Promise.all(catalogs.map((id) => world.demo.follow(id, { seconds: 60 })));
    expect(healed.map(({ state, tracking_id }) => [state, tracking_id])).toEqual(
      failed.map(({ tracking_id }) => ["completed", tracking_id]),
    );
    await world.deployed.invoke("reconcile");
    expect(await groupOf(GROUP)).toMatchObject({ state: "resolved", count: 0, trial: { state: "done", healed: 2 } });
  });
});

describe("a product with which every call fails", () => {
  it("fails none of its neighbours, and itself only after three retries of its own", async () => {
    const [bad = "", ...others] = asinSeries("FBAD", 20);
    await world.upstream.set({ fail_calls_with_asins: { [bad]: 500 } });
    const catalogId = await world.demo.start(csvOf([bad, ...others]));
    const alone = await waitFor(
      "the neighbours to be enriched",
      () => muchLater(catalogId),
      ({ counts }) => counts.enriched === 19,
      60,
    );
    expect(alone.counts).toMatchObject({ failed: 0, pending: 1 });
    const status = await waitFor("its retries to be used up", () => muchLater(catalogId), isOver, 60);
    expect(status).toMatchObject({
      state: "completed_with_failures",
      counts: { enriched: 19, failed: 1 },
      failures: [{ error_code: "RetriesExhausted", count: 1 }],
    });
    const [row] = await world.deployed.failures(status.tracking_id ?? "");
    expect(row).toMatchObject({ product_key: `www.amazon.com#${bad}`, source: "creators-api" });

    // It is a failure group that names what helps, and one try turns the same run green once the source is back.
    const group = "RetriesExhausted.creators-api";
    const open = await groupOf(group);
    expect(open).toMatchObject({ state: "open", count: 1, catalogs: 1, source: "creators-api" });
    expect(open.remedy.command).toBe("enrichline doctor --source creators-api");
    expect(open.samples).toEqual([{ catalog_id: catalogId, asin: bad, marketplace: "www.amazon.com" }]);
    await world.upstream.set({ fail_calls_with_asins: {} });
    await tryGroup(group, 1);
    const healed = await world.demo.follow(catalogId, { seconds: 60 });
    expect(healed).toMatchObject({ state: "completed", tracking_id: status.tracking_id, counts: { enriched: 20 } });
    expect(await groupOf(group)).toMatchObject({ state: "resolved", count: 0, trial: { state: "done", healed: 1 } });
  });

  it("is enriched after all when its calls pass again before that", async () => {
    const [bad = "", ...others] = asinSeries("FPAS", 12);
    await world.upstream.set({ fail_calls_with_asins: { [bad]: 503 } });
    const catalogId = await world.demo.start(csvOf([bad, ...others]));
    await waitFor(
      "its neighbours",
      () => muchLater(catalogId),
      ({ counts }) => counts.enriched === 11,
      60,
    );
    await world.upstream.set({ fail_calls_with_asins: {} });
    const status = await waitFor("the product itself", () => muchLater(catalogId), isOver, 60);
    expect(status).toMatchObject({ state: "completed", counts: { enriched: 12, failed: 0 } });
  });
});
