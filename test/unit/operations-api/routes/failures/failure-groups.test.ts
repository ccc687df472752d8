import { beforeEach, describe, expect, it } from "vitest";
import { TransientError } from "../../../../../lambdas/common/core/errors.ts";
import { sourceStatus } from "../../../../helpers/source-status.ts";
import { failing, failuresWorld, OPERATOR, OTHER, OWNER } from "./failures-world.ts";

const ID = "RetriesExhausted.creators-api";
const OTHERS = { catalog_id: "cat_2", batch_id: "enrich_cat_2_1", owner_id: "user-2" };

let t: ReturnType<typeof failuresWorld>;
beforeEach(() => {
  t = failuresWorld();
});

describe("failure groups", () => {
  it("say what failed over catalogs, how much and what helps, and name samples by their identity only", async () => {
    await t.fail(20);
    await t.fail(4, { catalog_id: "cat_3", batch_id: "enrich_cat_3_1" });
    const { status, body } = await t.call("GET", "", OWNER);
    expect(status).toBe(200);
    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({
      ...{ group_id: ID, state: "open", error_code: "RetriesExhausted", source: "creators-api", marketplace: null },
      ...{ count: 24, catalogs: 2, share: 1, retriable: true, trial: null, ignored_until: null },
      remedy: { command: "enrichline doctor --source creators-api", automatic: false },
    });
    expect(body.items[0].cause).toContain("creators-api failed on each of these products");
    expect(body.items[0].first_seen <= body.items[0].last_seen).toBe(true);
    expect(body.items[0].samples).toHaveLength(5);
    expect(Object.keys(body.items[0].samples[0]).sort()).toEqual(["asin", "catalog_id", "marketplace"]);
    expect(new Set(body.items[0].samples.map(({ catalog_id }: { catalog_id: string }) => catalog_id)).size).toBe(2);
    expect(body).toMatchObject({ complete: true, waiting: [], sums: [{ key: "RetriesExhausted", count: 24 }] });
  });

  it("are those of one's own catalogs, and of all for an operator", async () => {
    await t.fail(6);
    await t.fail(4, OTHERS);
    const counts = await Promise.all(
      [OWNER, OTHER, OPERATOR].map(async (who) => (await t.call("GET", "", who)).body.items[0].count),
    );
    expect(counts).toEqual([6, 4, 10]);
    const { body } = await t.call("GET", `/${ID}`, OTHER);
    expect(body.runs).toEqual([{ catalog_id: "cat_2", tracking_id: "enrich_cat_2_1", count: 4 }]);
    expect(JSON.stringify(body)).not.toContain("cat_1");
    // What one makes of a group is nobody else's matter.
    expect((await t.call("POST", `/${ID}/ignore`, OTHER, { note: "known" })).body.state).toBe("ignored");
    expect((await t.call("GET", `/${ID}`, OWNER)).body).toMatchObject({ state: "open", history: [] });
  });

  it("add up by source and by catalog, and can be filtered", async () => {
    await t.fail(6);
    await t.fail(4, { catalog_id: "cat_3", batch_id: "enrich_cat_3_1" }, failing("ItemNotAccessible"));
    const byCatalog = await t.call("GET", "?group_by=catalog", OWNER);
    expect(byCatalog.body.sums).toEqual([
      { key: "cat_1", count: 6, group_ids: [ID] },
      { key: "cat_3", count: 4, group_ids: ["ItemNotAccessible.creators-api"] },
    ]);
    const bySource = await t.call("GET", "?group_by=source", OWNER);
    expect(bySource.body.sums).toMatchObject([{ key: "creators-api", count: 10 }]);
    expect((await t.call("GET", "?source=keepa", OWNER)).body.items).toEqual([]);
  });

  it("leave out a cancelled run, and one that a newer run of its catalog replaced, and take them off the index", async () => {
    await t.fail(6);
    const { run } = t.world;
    await t.line.trials.failing.list({ ownerId: "user-1" }, 10);
    const catalog = await t.line.catalogs.getCatalog("cat_1", "user-1");
    await t.line.runs.createRun(catalog, {
      ...run,
      batch_id: "enrich_cat_1_2",
      failed: 0,
      failing_owner_id: undefined as never,
    });
    expect((await t.call("GET", "", OWNER)).body.items).toEqual([]);
    expect(t.world.run.failing_owner_id).toBeUndefined();
  });

  it("answer 404 for what is none", async () => {
    expect((await t.call("GET", `/${ID}`, OWNER)).status).toBe(404);
    expect((await t.call("GET", "/..%2F..%2Fkeys", OWNER)).status).toBe(404);
    expect((await t.call("POST", `/${ID}/try`, OWNER, { size: 1 })).status).toBe(404);
  });
});

describe("the life of a group", () => {
  it("is resolved by somebody, and opens by itself when a product fails for it again, not before", async () => {
    await t.fail(6);
    t.world.nowMs += 1_000;
    const resolved = await t.call("POST", `/${ID}/resolve`, OWNER, { note: "sales are back" });
    expect(resolved.body).toMatchObject({ state: "resolved", count: 6 });
    expect((await t.call("GET", "", OWNER)).body.items).toEqual([]);
    expect((await t.call("GET", "?state=all", OWNER)).body.items).toMatchObject([{ state: "resolved" }]);
    t.world.nowMs += 1_000;
    await t.fail(3, { catalog_id: "cat_3", batch_id: "enrich_cat_3_1" });
    const { body } = await t.call("GET", `/${ID}`, OWNER);
    expect(body).toMatchObject({ state: "open", count: 9 });
    expect(body.history).toMatchObject([
      { by: "user-1", event: "resolve", note: "sales are back" },
      { by: null, event: "reopen", note: "it came back" },
    ]);
  });

  it("stays ignored whatever fails, unless until a time", async () => {
    await t.fail(6);
    await t.call("POST", `/${ID}/ignore`, OWNER, {});
    t.world.nowMs += 1_000;
    await t.fail(3, { catalog_id: "cat_3", batch_id: "enrich_cat_3_1" });
    expect((await t.call("GET", `/${ID}`, OWNER)).body).toMatchObject({ state: "ignored", count: 9 });
    const until = new Date(t.world.nowMs + 60_000).toISOString();
    await t.call("POST", `/${ID}/ignore`, OWNER, { until });
    expect((await t.call("GET", `/${ID}`, OWNER)).body).toMatchObject({ state: "ignored", ignored_until: until });
    t.world.nowMs += 60_000;
    expect((await t.call("GET", `/${ID}`, OWNER)).body).toMatchObject({ state: "open", since: until });
    const past = await t.call("POST", `/${ID}/ignore`, OWNER, { until });
    expect(past).toMatchObject({ status: 400, body: { errors: [{ field: "until" }] } });
  });

  it("is opened again by somebody, and a repeated verb changes nothing", async () => {
    await t.fail(6);
    await t.call("POST", `/${ID}/resolve`, OWNER, {});
    await t.call("POST", `/${ID}/resolve`, OWNER, {});
    const { body } = await t.call("POST", `/${ID}/reopen`, OWNER, { note: "no" });
    expect(body.state).toBe("open");
    expect(body.history.map(({ event }: { event: string }) => event)).toEqual(["resolve", "reopen"]);
    expect(t.logs.filter((line) => line === "a failure group was changed")).toHaveLength(2);
  });
});

describe("a trial", () => {
  it("of one, ten and all turns the same run green, and then nothing of the group is left", async () => {
    await t.fail(24);
    const { batch_id } = t.world.run;
    expect(t.world.run).toMatchObject({ state: "completed_with_failures", failed: 24 });
    t.heal();
    const one = await t.call("POST", `/${ID}/try`, OWNER, { size: 1 });
    expect(one.status).toBe(202);
    expect(one.body).toMatchObject({ state: "trying", count: 23, trial: { tried: 1, pending: 1, state: "running" } });
    await t.workOff();
    expect((await t.call("GET", `/${ID}`, OWNER)).body.trial).toMatchObject({ healed: 1, pending: 0, state: "done" });
    const ten = await t.call("POST", `/${ID}/try`, OWNER, { size: 10 });
    expect(ten.body.trial).toMatchObject({ size: 10, tried: 10, pending: 10 });
    await t.workOff();
    const all = await t.call("POST", `/${ID}/try`, OWNER, { size: "all" });
    expect(all.body).toMatchObject({ count: 3, trial: { tried: 10, state: "running" } });
    await t.workOff();
    await t.line.reconcile();
    await t.workOff();
    await t.line.reconcile();
    const { body } = await t.call("GET", `/${ID}`, OWNER);
    expect(body).toMatchObject({ state: "resolved", count: 0, trial: { state: "done", healed: 13, failed_again: 0 } });
    expect(body.history.map(({ event }: { event: string }) => event)).toEqual([
      ...["try", "tried", "try", "tried", "try", "tried"],
      "resolve",
    ]);
    expect(t.world.run).toMatchObject({ batch_id, state: "completed", enriched: 24, failed: 0 });
    expect(t.world.run.failing_owner_id).toBeUndefined();
    expect((await t.call("GET", "", OWNER)).body.items).toEqual([]);
  });

  it("of all stops by itself when the group comes back, after the first ten", async () => {
    await t.fail(40);
    await t.call("POST", `/${ID}/try`, OWNER, { size: "all" });
    await t.workOff();
    await t.line.reconcile();
    await t.workOff();
    const { body } = await t.call("GET", `/${ID}`, OWNER);
    expect(body).toMatchObject({
      ...{ state: "open", count: 40 },
      trial: { state: "came_back", tried: 10, failed_again: 10, healed: 0, finished_at: expect.any(String) },
    });
    expect(body.history.at(-1).note).toContain("of 10 tried 0 healed, 10 failed again");
    expect(await t.line.trials.groups.listTrying(10)).toEqual([]);
  });

  it("of all goes on in parts that grow while they heal", async () => {
    await t.fail(130);
    t.heal();
    await t.call("POST", `/${ID}/try`, OWNER, { size: "all" });
    const tried: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      await t.workOff();
      tried.push((await t.call("GET", `/${ID}`, OWNER)).body.trial.tried);
      await t.line.reconcile();
    }
    expect(tried).toEqual([10, 110, 130, 130]);
    expect(t.world.run).toMatchObject({ state: "completed", enriched: 130 });
  });

  it("is spread over catalogs, so that one with a reason of its own is seen", async () => {
    await t.fail(12);
    await t.fail(12, { catalog_id: "cat_3", batch_id: "enrich_cat_3_1" });
    const { status, body } = await t.call("POST", `/${ID}/try`, OWNER, { size: 10, dry_run: true });
    expect(status).toBe(200);
    const per = Map.groupBy(body.first_part as { catalog_id: string }[], ({ catalog_id }) => catalog_id);
    expect([...per.values()].map(({ length }) => length)).toEqual([5, 5]);
    expect((await t.call("GET", `/${ID}`, OWNER)).body).toMatchObject({ count: 24, trial: null });
  });

  it("is one at a time, also for a repeat of its request, and can be stopped", async () => {
    await t.fail(40);
    const key = { "idempotency-key": "again" };
    const first = await t.call("POST", `/${ID}/try`, OWNER, { size: "all" }, key);
    const repeat = await t.call("POST", `/${ID}/try`, OWNER, { size: "all" }, key);
    expect(repeat).toMatchObject({ status: 202, body: { trial: { trial_id: first.body.trial.trial_id, tried: 10 } } });
    const second = await t.call("POST", `/${ID}/try`, OWNER, { size: 1 });
    expect(second).toMatchObject({ status: 409, body: { code: "trial_running" } });
    expect((await t.call("POST", `/${ID}/resolve`, OWNER, {})).body.code).toBe("trial_running");
    const stopped = await t.call("DELETE", `/${ID}/try`, OWNER);
    expect(stopped.body).toMatchObject({ state: "open", trial: { state: "stopped", tried: 10, pending: 10 } });
    t.heal();
    await t.workOff();
    await t.line.reconcile();
    await t.workOff();
    expect((await t.call("GET", `/${ID}`, OWNER)).body).toMatchObject({ count: 30, trial: { tried: 10, healed: 10 } });
  });

  it("touches nobody else's products, and an operator's touches everybody's", async () => {
    await t.fail(6);
    await t.fail(6, OTHERS);
    t.heal();
    await t.call("POST", `/${ID}/try`, OTHER, { size: 10 });
    await t.workOff();
    expect((await t.call("GET", `/${ID}`, OPERATOR)).body.count).toBe(6);
    expect(t.world.run).toMatchObject({ failed: 6 });
    await t.call("POST", `/${ID}/try`, OPERATOR, { size: 10 });
    await t.workOff();
    expect(t.world.run).toMatchObject({ failed: 0, state: "completed" });
  });

  it("that broke off half-way goes on without trying any product twice", async () => {
    await t.fail(24);
    const { batchQueue } = t.line.trials;
    const { send } = batchQueue;
    let isDown = true;
    batchQueue.send = async (...given: Parameters<typeof send>) => {
      if (isDown) throw new TransientError("the queue is down");
      return send(...given);
    };
    t.heal();
    expect((await t.call("POST", `/${ID}/try`, OWNER, { size: 10 })).status).toBe(503);
    isDown = false;
    expect((await t.call("GET", `/${ID}`, OWNER)).body).toMatchObject({ state: "trying", count: 14 });
    for (let round = 0; round < 8; round += 1) {
      t.world.nowMs += 10 * 60_000;
      await t.line.reconcile();
      await t.workOff();
    }
    const { body } = await t.call("GET", `/${ID}`, OWNER);
    expect(body).toMatchObject({
      state: "open",
      count: 14,
      trial: { state: "done", tried: 10, healed: 10, pending: 0 },
    });
  });

  it("passes over a paused run, whose products would wait for a person", async () => {
    await t.fail(6);
    await t.fail(6, { catalog_id: "cat_3", batch_id: "enrich_cat_3_1" });
    t.world.nowMs += 1_000;
    await t.call("POST", `/${ID}/try`, OWNER, { size: 1 });
    const [tried] = t.world.rows.filter(({ items }) => items.some(({ trial }) => trial !== undefined));
    const run = await t.line.runs.getRun(tried?.catalog_id ?? "", tried?.tracking_id ?? "");
    await t.line.lifecycle.pause(run, "request-1");
    await t.call("DELETE", `/${ID}/try`, OWNER);
    const { body } = await t.call("POST", `/${ID}/try`, OWNER, { size: 10, dry_run: true });
    const catalogs = new Set(body.first_part.map(({ catalog_id }: { catalog_id: string }) => catalog_id));
    expect(catalogs).toEqual(new Set([tried?.catalog_id === "cat_1" ? "cat_3" : "cat_1"]));
  });

  it("is refused where nothing could answer, and nothing is changed", async () => {
    const other = failuresWorld({ readSourceStatuses: async () => [sourceStatus({ id: "keepa", state: null })] });
    await other.fail(3);
    expect(await other.call("POST", `/${ID}/try`, OWNER, { size: 1 })).toMatchObject({
      ...{ status: 409, body: { code: "no_source_configured" } },
    });
    expect((await other.call("POST", `/${ID}/try`, OWNER, { size: 2 })).status).toBe(400);
    expect((await other.call("POST", `/${ID}/try`, OWNER, {})).status).toBe(400);
    expect((await other.call("GET", `/${ID}`, OWNER)).body).toMatchObject({ count: 3, history: [] });
  });
});
