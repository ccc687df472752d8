import { beforeEach, describe, expect, it } from "vitest";
import { batchMessageFor } from "../../../../../lambdas/common/core/batches/message-for-row.ts";
import { LifecycleWorld } from "../../../../helpers/lifecycle-world.ts";

let world: LifecycleWorld;
let line: ReturnType<LifecycleWorld["process"]>;

/** For what happens beside the test at once, unless the machine is busy. */
const PATIENCE = { timeout: 15_000, interval: 5 };

let orders = 0;
/** Every request is one of its own. */
const order = (): string => {
  orders += 1;
  return `order-${orders}`;
};

/** 40 products in batches of 5: 28 and 12 in two shops, so 9 batches; the window holds 12 products. */
beforeEach(async () => {
  world = new LifecycleWorld();
  line = world.process();
  await world.open(40, 5);
});

const goOn = async (): Promise<void> => {
  for (let round = 0; round < 60 && world.run.open_shard !== undefined; round += 1) {
    world.nowMs += 3_000;
    await line.consume(10);
  }
};

const counts = () => {
  const { pending, enriched, failed, cancelled } = world.run;
  return { pending, enriched, failed, cancelled };
};

describe("pausing and resuming", () => {
  it("stops dispatch, parks what was sent, and goes on where it stopped", async () => {
    await line.dispatcher.topUp();
    const sent = world.run.dispatched;
    await line.lifecycle.pause(world.run, order());
    await line.consume(10);
    expect(await line.dispatcher.topUp()).toBe(0);
    expect(world.calls).toEqual([]);
    expect(world.messages).toEqual([]);
    expect(world.run).toMatchObject({ state: "paused", dispatched: sent, pending: 40 });
    await line.lifecycle.resume(world.run, order());
    expect(world.messages.filter(({ visibleAtMs }) => visibleAtMs <= world.nowMs)).toHaveLength(sent);
    await goOn();
    expect(world.run).toMatchObject({ state: "completed", enriched: 40 });
  });

  it("wakes batches that a worker parked just after the resume passed them over", async () => {
    await line.dispatcher.topUp();
    await line.lifecycle.pause(world.run, order());
    let steps = 0;
    // The worker has claimed and read the run as paused; then, before it records, the run is resumed.
    const slow = world.process(async () => {
      steps += 1;
      // One claim a batch, one reading of the run.
      if (steps === world.rows.length + 2) await line.lifecycle.resume(world.run, order());
    });
    await slow.consume(10);
    expect(world.run.state).toBe("queued");
    expect(world.messages).not.toEqual([]);
    await goOn();
    expect(world.run).toMatchObject({ state: "completed", enriched: 40 });
  });
});

describe("a run whose products wait for hours", () => {
  const HOURS = 20 * 3_600_000;
  const park = async (later: boolean): Promise<void> => {
    const retryAtMs = world.nowMs + HOURS;
    world.blocked = [
      {
        ...{ source: "keepa", code: "daily-quota", action: "Nothing to do." },
        retry_at: new Date(retryAtMs).toISOString(),
      },
    ];
    world.verdict = () => ({ kind: "wait", retryAtMs, shortCall: false, later });
    for (let round = 0; round < 10; round += 1) {
      await line.dispatcher.topUp();
      await line.consume(10);
    }
  };
  const pass = async (minutes: number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute += 1) {
      world.nowMs += 60_000;
      await line.reconcile();
      await line.dispatcher.topUp();
      await line.consume(10);
    }
  };

  it("says so whichever records last, of workers that end at the same time", async () => {
    await park(true);
    // Of each batch that is woken one product ends well, so that every worker sees progress, and the others' batches open.
    world.nowMs += HOURS;
    const later = new Date(world.nowMs + HOURS).toISOString();
    world.blocked = world.blocked.map((block) => ({ ...block, retry_at: later }));
    world.verdict = (asin) =>
      Number(asin.slice(-1)) % 5 === 1
        ? { kind: "enriched", source: "keepa", fromCache: false, incomplete: false }
        : { kind: "wait", retryAtMs: Date.parse(later), shortCall: false, later: true };
    await line.reconcile();
    await Promise.all([1, 2, 3].map(() => world.process().consume(3)));
    expect(world.run).toMatchObject({ state: "waiting_for_source", blocked_by: world.blocked });
    expect(world.run.enriched).toBeGreaterThan(0);
    expect(world.run.parked).toBe(world.run.pending);
  });

  it("says what it waits for after a pause too, and for as long as it does", async () => {
    await park(true);
    const before = world.run;
    expect(before).toMatchObject({ state: "waiting_for_source", dispatched: 9, parked: 40 });
    await line.lifecycle.pause(world.run, order());
    expect(await line.lifecycle.resume(world.run, order())).toMatchObject({ state: "waiting_for_source" });
    await pass(120);
    const { state, blocked_by, parked } = before;
    expect(world.run).toMatchObject({ state, blocked_by, parked });
    expect(world.messages).toEqual([]);
  });

  it("says so although it was resumed while a worker held its batches", async () => {
    await park(true);
    const before = world.run;
    // Woken for nothing; the worker reads the run as paused, and it is resumed before the worker records.
    await line.lifecycle.pause(world.run, order());
    for (const row of world.rows) {
      const message = batchMessageFor({ ...row, generation: row.generation + 1 });
      await line.batchQueue.send("bulk", [{ message, delaySeconds: 0 }]);
    }
    let steps = 0;
    const slow = world.process(async () => {
      steps += 1;
      if (steps === world.rows.length + 2) await line.lifecycle.resume(world.run, order());
    });
    await slow.consume(10);
    await pass(120);
    const { state, blocked_by, parked } = before;
    expect(world.run).toMatchObject({ state, blocked_by, parked });
  });

  it("sends nothing more after a pause while its first source is what it waits for", async () => {
    await park(false);
    const { dispatched } = world.run;
    expect(dispatched).toBeLessThan(9);
    expect(world.run).toMatchObject({ state: "waiting_for_source", parked: world.sentProducts() });
    await line.lifecycle.pause(world.run, order());
    await line.lifecycle.resume(world.run, order());
    await pass(120);
    expect(world.run).toMatchObject({ state: "waiting_for_source", dispatched });
  });

  it("sends as much as the window holds while a later source serves part of what its first refuses", async () => {
    await park(false);
    world.nowMs += HOURS;
    const later = new Date(world.nowMs + HOURS).toISOString();
    world.blocked = world.blocked.map((block) => ({ ...block, retry_at: later }));
    world.verdict = (asin) =>
      Number(asin.slice(-1)) % 2 === 0
        ? { kind: "enriched", source: "keepa", fromCache: false, incomplete: false }
        : { kind: "wait", retryAtMs: Date.parse(later), shortCall: false };
    await pass(10);
    // The window holds 12 products; one product in two stays in it.
    expect(world.run).toMatchObject({ state: "waiting_for_source", blocked_by: world.blocked });
    expect(world.run.parked_first).toBeGreaterThanOrEqual(12);
    expect(world.run.dispatched).toBeLessThan(9);
  });

  it("goes on with all of them at once when the source is back", async () => {
    await park(true);
    world.verdict = () => ({ kind: "enriched", source: "keepa", fromCache: false, incomplete: false });
    world.blocked = [];
    world.nowMs += HOURS;
    await pass(5);
    expect(world.run).toMatchObject({ state: "completed", enriched: 40, parked: 0, blocked_by: [] });
  });

  it("has nothing parked once it is cancelled", async () => {
    await park(true);
    await line.lifecycle.cancel(world.run, order());
    expect(world.run).toMatchObject({ state: "cancelled", cancelled: 40, parked: 0, blocked_by: [] });
  });
});

describe("cancelling", () => {
  it("counts what was never sent at once, settles what waits, and leaves what is held to its holder", async () => {
    await line.dispatcher.topUp();
    const [held] = world.rows;
    if (!held) throw new Error("nothing was sent");
    await line.batches.claim({
      catalog_id: held.catalog_id,
      batch_id: held.batch_id,
      generation: 1,
      owner: "holder",
      now: new Date(world.nowMs).toISOString(),
      lease_until: new Date(world.nowMs + 70_000).toISOString(),
    });
    const run = await line.lifecycle.cancel(world.run, order());
    expect(run).toMatchObject({ state: "cancelled", pending: held.items.length, cancelled: 40 - held.items.length });
    expect(run.open_shard).toBeDefined();
    world.nowMs += 71_000;
    await line.reconcile();
    expect(world.run).toMatchObject({
      state: "cancelled",
      pending: 0,
      cancelled: 40,
      dropped: 9 - world.run.dispatched,
    });
    expect(world.run.open_shard).toBeUndefined();
    expect(world.calls).toEqual([]);
  });

  it("keeps what was enriched before, and what comes of a call that was under way", async () => {
    await line.dispatcher.topUp();
    let stopping: Promise<unknown> | undefined;
    world.verdict = () => {
      // The first call is on its way when the cancel comes.
      stopping ??= line.lifecycle.cancel(world.run, order());
      return { kind: "enriched", source: "creators-api", fromCache: false, incomplete: false };
    };
    await line.consume(1);
    await stopping;
    await line.consume(10);
    const { enriched } = world.run;
    expect(enriched).toBeGreaterThan(0);
    world.nowMs += 71_000;
    await line.reconcile();
    expect(counts()).toEqual({ pending: 0, enriched, failed: 0, cancelled: 40 - enriched });
  });

  it("closes failures that a worker noted before it died, and never committed", async () => {
    await line.dispatcher.topUp();
    world.verdict = () => ({ kind: "failed", code: "NotFound" });
    const noting = line.failures.saveMany.bind(line.failures);
    let noted = 0;
    line.failures.saveMany = async (failures) => {
      await noting(failures);
      noted += failures.length;
      if (noted > 0) return new Promise(() => {});
    };
    void line.consume(1);
    await expect.poll(() => noted, PATIENCE).toBeGreaterThan(0);
    expect((await line.failures.listOpen(world.runId, { limit: 100 })).items).toHaveLength(noted);
    await line.lifecycle.cancel(world.run, order());
    world.nowMs += 71_000;
    await line.reconcile();
    expect(world.run).toMatchObject({ pending: 0, failed: 0, cancelled: 40 });
    expect((await line.failures.listOpen(world.runId, { limit: 100 })).items).toEqual([]);
  });

  it("finishes for a sender that died half-way, before it counts what was not sent", async () => {
    let steps = 0;
    const dying = world.process(async () => {
      steps += 1;
      if (steps > 5) return new Promise(() => {});
    });
    void dying.dispatcher.topUp();
    await expect.poll(() => steps, PATIENCE).toBeGreaterThan(5);
    expect(world.run).toMatchObject({ dispatched: 0, claim: { from: 1 } });
    const written = world.rows.length;
    expect(written).toBeGreaterThan(0);
    const soon = await line.lifecycle.cancel(world.run, order());
    // It may still live: nothing is counted twice by guessing.
    expect(soon).toMatchObject({ state: "cancelled", cancelled: world.rows.flatMap(({ items }) => items).length });
    world.nowMs += 61_000;
    await line.dispatcher.topUp();
    await line.reconcile();
    expect(world.run).toMatchObject({ pending: 0, cancelled: 40 });
    expect(world.run.open_shard).toBeUndefined();
    expect(world.countedFromRows().cancelled).toBe(40);
  });
});

describe("retrying", () => {
  const fail = async (): Promise<void> => {
    world.verdict = (asin) =>
      Number(asin.slice(2)) % 4 === 0
        ? { kind: "failed", code: Number(asin.slice(2)) % 8 === 0 ? "NotFound" : "ItemNotAccessible" }
        : { kind: "enriched", source: "creators-api", fromCache: false, incomplete: false };
    await line.dispatcher.topUp();
    await goOn();
    expect(world.run).toMatchObject({ state: "completed_with_failures", failed: 10, enriched: 30 });
    world.verdict = () => ({ kind: "enriched", source: "keepa", fromCache: false, incomplete: false });
  };

  it("reopens the chosen ones inside the run, which closes again with nothing of them failed", async () => {
    await fail();
    const asked = await line.lifecycle.retry(world.run, { error_codes: ["NotFound"] });
    expect(asked).toMatchObject({ products: 4, in_progress: 0 });
    expect(world.run).toMatchObject({ state: "running", pending: 4, failed: 6, finished_at: null, open_shard: "open" });
    expect(world.run.failure_counts).toMatchObject({ NotFound: 0, ItemNotAccessible: 6 });
    const page = await line.failures.listOpen(world.runId, { limit: 100, error_code: "NotFound" });
    expect(page.items.every((row) => row.retrying_since !== undefined)).toBe(true);
    await goOn();
    expect(world.run).toMatchObject({ state: "completed_with_failures", pending: 0, failed: 6, enriched: 34 });
    expect((await line.failures.listOpen(world.runId, { limit: 100 })).items).toHaveLength(6);
    expect(world.dynamo.items("failures").filter((row) => row.closed_at !== undefined)).toHaveLength(4);
  });

  it("keeps the failure of a product that fails again, and can try it again", async () => {
    await fail();
    world.verdict = () => ({ kind: "failed", code: "NotFound" });
    const [asin = ""] = world.rows.flatMap(({ items }) => items).flatMap((i) => (i.state === "failed" ? [i.asin] : []));
    await line.lifecycle.retry(world.run, { asins: [asin] });
    await goOn();
    const again = await line.failures.getMany(world.runId, [`www.amazon.com#${asin}`]);
    expect(again).toMatchObject([{ error_code: "NotFound" }]);
    expect(again[0]?.retrying_since).toBeUndefined();
    expect(await line.lifecycle.retry(world.run, { asins: [asin] })).toMatchObject({ products: 1 });
  });

  it("leaves products whose batch is being worked on, and says how many", async () => {
    await fail();
    await line.lifecycle.retry(world.run, { error_codes: ["NotFound"] });
    const held = world.rows.filter((row) => row.items.some((item) => item.state === "pending"));
    for (const row of held) {
      await line.batches.claim({
        catalog_id: row.catalog_id,
        batch_id: row.batch_id,
        generation: row.generation,
        owner: "holder",
        now: new Date(world.nowMs).toISOString(),
        lease_until: new Date(world.nowMs + 70_000).toISOString(),
      });
    }
    const inHeld = held.flatMap(({ items }) => items).filter(({ state }) => state === "failed").length;
    const asked = await line.lifecycle.retry(world.run, {});
    expect(asked).toMatchObject({ in_progress: inHeld, products: 6 - inHeld });
  });

  it("wakes reopened batches at the pace of the source, not all at once", async () => {
    await fail();
    world.messages.length = 0;
    await line.lifecycle.retry(world.run, {});
    // Ten products at ten a second: the last one waits most of a second.
    const waits = world.messages.map(({ visibleAtMs }) => visibleAtMs - world.nowMs);
    expect(Math.min(...waits)).toBe(0);
    expect(Math.max(...waits)).toBeGreaterThan(500);
    expect(Math.max(...waits)).toBeLessThan(1_000);
  });

  it("starts the pace of a repeated retry after what the first one reopened", async () => {
    await fail();
    await line.lifecycle.retry(world.run, { error_codes: ["NotFound"] });
    world.messages.length = 0;
    await line.lifecycle.retry(world.run, { error_codes: ["ItemNotAccessible"] });
    // Four products are ahead, at ten a second; batches that hold some of both keep their earlier time.
    const after = world.rows.flatMap(({ items }) =>
      items.flatMap((item) => {
        const second = item.reopened && Number(item.asin.slice(2)) % 8 === 4;
        return second && item.next_attempt_at ? [Date.parse(item.next_attempt_at) - world.nowMs] : [];
      }),
    );
    expect(after).toHaveLength(6);
    expect(Math.min(...after)).toBeGreaterThanOrEqual(400);
    expect(Math.max(...after)).toBeLessThan(1_000);
  });

  it("shows a product that fails again at once as failed, not as being tried", async () => {
    await fail();
    world.verdict = () => ({ kind: "failed", code: "NotFound" });
    const asins = world.rows.flatMap(({ items }) => items).flatMap((i) => (i.state === "failed" ? [i.asin] : []));
    // The consumer is so fast that it is done with every message before the sender goes on, within a millisecond.
    const send = line.batchQueue.send;
    line.batchQueue.send = async (queue, messages) => {
      await send(queue, messages);
      await line.consume(100);
    };
    await line.lifecycle.retry(world.run, { asins: asins.slice(0, 1) });
    expect(world.run).toMatchObject({ pending: 0, failed: 10 });
    const isOpen = ({ closed_at, retrying_since }: Record<string, unknown>) => !closed_at && !retrying_since;
    expect(world.dynamo.items("failures").filter(isOpen)).toHaveLength(10);
  });

  it("notes no retry of a product that failed again since it was reopened", async () => {
    await fail();
    const [row] = (await line.failures.listOpen(world.runId, { limit: 1 })).items;
    if (!row) throw new Error("nothing failed");
    const at = (ms: number) => new Date(Date.parse(row.failed_at) + ms).toISOString();
    const noted = async () => (await line.failures.getMany(world.runId, [row.product_key]))[0]?.retrying_since;
    await line.failures.markRetrying(world.runId, [row.product_key], at(-1));
    expect(await noted()).toBeUndefined();
    await line.failures.markRetrying(world.runId, [row.product_key], at(1));
    expect(await noted()).toBe(at(1));
  });

  it("is refused once the run is cancelled or another one began", async () => {
    await fail();
    const closed = world.run;
    const { run } = world;
    const other = { ...run, batch_id: "enrich_cat_1_2", open_shard: "open", state: "queued" as const };
    const catalog = await line.catalogs.getCatalog("cat_1", "user-1");
    await line.runs.createRun(catalog, other);
    await expect(line.lifecycle.retry(closed, {})).rejects.toMatchObject({ name: "ConflictError", code: "run_active" });
    expect(world.run).toMatchObject({ state: "completed_with_failures", failed: 10 });
  });
});

describe("deleting", () => {
  it("cancels the run, removes rows, failures and files, the catalog's row last, and late messages do nothing", async () => {
    world.verdict = () => ({ kind: "failed", code: "NotFound" });
    await line.dispatcher.topUp();
    await line.consume(1);
    const late = world.messages.length;
    expect(late).toBeGreaterThan(0);
    await line.deleted.markDeleted("cat_1", "user-1", new Date(world.nowMs).toISOString());
    await expect(line.catalogs.getCatalog("cat_1", "user-1")).rejects.toThrow("no catalog");
    // The one that deleted it died here: reconcile cancels the run and removes the rest.
    expect(await line.reconcile()).toMatchObject({ removed: 1 });
    expect(world.catalogItems).toEqual([]);
    expect(world.dynamo.items("failures")).toEqual([]);
    expect(world.removedObjects).toEqual(["cat_1"]);
    const calls = world.calls.length;
    world.nowMs += 3_000;
    await line.consume(10);
    expect(world.messages).toEqual([]);
    expect(world.calls).toHaveLength(calls);
    expect(world.catalogItems).toEqual([]);
  });

  it("waits for what is held, and is nobody else's to do", async () => {
    await line.dispatcher.topUp();
    const [held] = world.rows;
    if (!held) throw new Error("nothing was sent");
    const now = new Date(world.nowMs).toISOString();
    await line.batches.claim({
      catalog_id: "cat_1",
      batch_id: held.batch_id,
      generation: 1,
      owner: "holder",
      now,
      lease_until: new Date(world.nowMs + 70_000).toISOString(),
    });
    await expect(line.deleted.markDeleted("cat_1", "user-2", now)).rejects.toThrow("no catalog");
    await line.deleted.markDeleted("cat_1", "user-1", now);
    expect(await line.reconcile()).toMatchObject({ removed: 0 });
    expect(world.run).toMatchObject({ state: "cancelled", pending: held.items.length });
    world.nowMs += 71_000;
    expect(await line.reconcile()).toMatchObject({ removed: 1 });
    expect(world.catalogItems).toEqual([]);
  });
});
