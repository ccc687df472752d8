import { beforeEach, describe, expect, it } from "vitest";
import { batchMessageFor } from "../../../../../lambdas/common/core/batches/message-for-row.ts";
import { LifecycleWorld } from "../../../../helpers/worlds/lifecycle/lifecycle-world.ts";
import { consumeToEnd, requestIds } from "./lifecycle-steps.ts";

let world: LifecycleWorld;
let line: ReturnType<LifecycleWorld["process"]>;

/** Every request is one of its own. */
const requestId = requestIds();

/** 40 products in batches of 5: 28 and 12 in two shops, so 9 batches; the window holds 12 products. */
beforeEach(async () => {
  world = new LifecycleWorld();
  line = world.process();
  await world.open(40, 5);
});

describe("pausing and resuming", () => {
  it("stops dispatch, parks what was sent, and continues where it stopped", async () => {
    await line.dispatcher.topUp();
    const sent = world.run.dispatched;
    await line.lifecycle.pause(world.run, requestId());
    await line.consume(10);
    expect(await line.dispatcher.topUp()).toBe(0);
    expect(world.calls).toEqual([]);
    expect(world.messages).toEqual([]);
    expect(world.run).toMatchObject({ state: "paused", dispatched: sent, pending: 40 });
    await line.lifecycle.resume(world.run, requestId());
    expect(world.messages.filter(({ visibleAtMs }) => visibleAtMs <= world.nowMs)).toHaveLength(sent);
    await consumeToEnd(world, line);
    expect(world.run).toMatchObject({ state: "completed", enriched: 40 });
  });

  it("resends batches that a worker parked just after the resume passed them over", async () => {
    await line.dispatcher.topUp();
    await line.lifecycle.pause(world.run, requestId());
    let steps = 0;
    // The worker has claimed and read the run as paused; then, before it records, the run is resumed.
    const slow = world.process(async () => {
      steps += 1;
      // One claim a batch, one reading of the run.
      if (steps === world.rows.length + 2) await line.lifecycle.resume(world.run, requestId());
    });
    await slow.consume(10);
    expect(world.run.state).toBe("queued");
    expect(world.messages).not.toEqual([]);
    await consumeToEnd(world, line);
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
    // Of each batch that is resent one product ends well, so that every worker sees progress, and the others' batches open.
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
    await line.lifecycle.pause(world.run, requestId());
    expect(await line.lifecycle.resume(world.run, requestId())).toMatchObject({ state: "waiting_for_source" });
    await pass(120);
    const { state, blocked_by, parked } = before;
    expect(world.run).toMatchObject({ state, blocked_by, parked });
    expect(world.messages).toEqual([]);
  });

  it("says so although it was resumed while a worker held its batches", async () => {
    await park(true);
    const before = world.run;
    // Woken for nothing; the worker reads the run as paused, and it is resumed before the worker records.
    await line.lifecycle.pause(world.run, requestId());
    for (const row of world.rows) {
      const message = batchMessageFor({ ...row, generation: row.generation + 1 });
      await line.batchQueue.send("bulk", [{ message, delaySeconds: 0 }]);
    }
    let steps = 0;
    const slow = world.process(async () => {
      steps += 1;
      if (steps === world.rows.length + 2) await line.lifecycle.resume(world.run, requestId());
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
    await line.lifecycle.pause(world.run, requestId());
    await line.lifecycle.resume(world.run, requestId());
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

  it("continues with all of them at once when the source is back", async () => {
    await park(true);
    world.verdict = () => ({ kind: "enriched", source: "keepa", fromCache: false, incomplete: false });
    world.blocked = [];
    world.nowMs += HOURS;
    await pass(5);
    expect(world.run).toMatchObject({ state: "completed", enriched: 40, parked: 0, blocked_by: [] });
  });

  it("has nothing parked once it is cancelled", async () => {
    await park(true);
    await line.lifecycle.cancel(world.run, requestId());
    expect(world.run).toMatchObject({ state: "cancelled", cancelled: 40, parked: 0, blocked_by: [] });
  });
});
