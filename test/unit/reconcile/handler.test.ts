import { describe, expect, it } from "vitest";
import type { RunOutcome } from "../../../lambdas/common/adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import type { ProductFailure } from "../../../lambdas/common/adapters/dynamodb/failures/failure-store.ts";
import type { QueuedBatch } from "../../../lambdas/common/adapters/sqs/batch-queue.ts";
import type { BatchRow } from "../../../lambdas/common/core/batches/batch-row.ts";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import type { Deps } from "../../../lambdas/reconcile/deps.ts";
import { createHandler } from "../../../lambdas/reconcile/handler.ts";
import { aBatch, aCatalog, anItem, aRun, asinNumber, NOON } from "../../helpers/rows.ts";
import { silentLog, silentMeter } from "../../helpers/silent.ts";
import { anAwaited } from "../ingest-catalog/fake-deps.ts";

const nothing = {
  resent: 0,
  settled: 0,
  postponed: 0,
  closed: 0,
  cancelled: 0,
  removed: 0,
  uploads_resent: 0,
  uploads_given_up: 0,
  orphans_removed: 0,
};
const iso = (ms: number) => new Date(NOON + ms).toISOString();

const world = (
  rows: readonly BatchRow[],
  run: RunRow | undefined = aRun({ state: "running" }),
  open: readonly RunRow[] = [],
) => {
  const replaced: BatchRow[] = [];
  const removed: string[] = [];
  const looked: string[] = [];
  const sent: { queue: string; messages: readonly QueuedBatch[] }[] = [];
  const recorded: RunOutcome[] = [];
  const failures: ProductFailure[] = [];
  const counted: string[] = [];
  const gauged: unknown[] = [];
  const deps: Deps = {
    runs: {
      getRun: async () => run,
      listOpenRuns: async () => [...open],
      closeIfDone: async (candidate) => candidate.pending === 0,
      waitIfAllParked: async ({ batch_id }) => {
        looked.push(batch_id);
        return false;
      },
    },
    deleted: {
      listDeleted: async () => [],
      rowKeys: async function* () {
        yield [];
      },
      removeRow: async () => {},
    },
    orphans: {
      readSweep: async () => ({ after: null, ended_at: null }),
      saveSweep: async () => {},
      readSome: async () => ({ orphans: [], next: null }),
    },
    batches: {
      listDue: async (shard) =>
        rows
          .filter((row) => row.due_shard === String(shard))
          .map((row) => ({ catalog_id: row.catalog_id, batch_id: row.batch_id, due_at: row.due_at ?? "" })),
      getMany: async (_catalog, ids) => rows.filter((row) => ids.includes(row.batch_id)),
      listUnsettled: async () => rows.map((row) => row.batch_id),
      remove: async (row) => {
        removed.push(row.batch_id);
      },
      get: async (_catalog, id) => rows.find((row) => row.batch_id === id),
      replace: async (_before, after) => {
        replaced.push({ ...after, version: 0 });
        return true;
      },
    },
    recorder: {
      record: async (outcome) => {
        recorded.push(outcome);
        return [...outcome.changes];
      },
      dropUnsent: async () => true,
    },
    failures: {
      saveMany: async (rowsToSave) => {
        failures.push(...rowsToSave);
      },
      close: async () => {},
      removeSome: async () => 0,
    },
    switch: { cancel: async () => undefined },
    objects: { remove: async () => {}, hasUpload: async () => false },
    batchQueue: {
      send: async (queue, messages) => {
        sent.push({ queue, messages });
      },
    },
    uploads: { listDue: async () => [], postpone: async () => false, giveUp: async () => false },
    ingestQueue: { send: async () => {} },
    queues: { bulk: "bulk-queue", express: "express-queue" },
    clock: { now: () => NOON, sleep: async () => undefined },
    log: silentLog,
    meter: {
      ...silentMeter,
      count: (name) => void counted.push(name),
      gauge: (name, value) => void gauged.push([name, value]),
    },
  };
  return { deps, replaced, removed, looked, sent, recorded, failures, counted, gauged };
};

describe("reconcile", () => {
  it("wakes a batch whose worker died, by the queue of its run, and says that work was stuck", async () => {
    const { deps, sent, replaced, counted } = world([aBatch({ due_at: iso(-1) })], aRun({ express: true }));
    expect(await createHandler(deps)()).toMatchObject({ resent: 1 });
    expect(replaced[0]).toMatchObject({ generation: 2, resends: 1 });
    expect(sent).toMatchObject([
      { queue: "express-queue", messages: [{ delaySeconds: 0, message: { generation: 2 } }] },
    ]);
    expect(counted).toEqual(["StuckWorkFound"]);
  });

  it("wakes a batch by the queue that it came from: not all of an express run goes by the express queue", async () => {
    for (const [express, queue, expected] of [
      [true, "bulk", "bulk-queue"],
      [true, "express", "express-queue"],
      [false, "bulk", "bulk-queue"],
      [false, undefined, "bulk-queue"],
    ] as const) {
      const row = aBatch({ due_at: iso(-1), ...(queue === undefined ? {} : { queue }) });
      const { deps, sent, replaced } = world([row], aRun({ express, state: "running" }));
      await createHandler(deps)();
      expect(sent.map((one) => one.queue)).toEqual([expected]);
      expect(replaced[0]?.queue).toBe(queue);
    }
  });

  it("writes how many products could be worked on, none too: an alarm compares it with those that end", async () => {
    const busy = aRun({ state: "running", pending: 5, parked: 1 });
    for (const [open, expected] of [
      [[busy, aRun({ state: "paused", pending: 9 })], 4],
      [[], 0],
    ] as const) {
      const { deps, gauged } = world([], undefined, open);
      await createHandler(deps)();
      expect(gauged).toEqual([["ServableProducts", expected]]);
    }
  });

  it("goes on to the others after a row that cannot be read, and says that work is stuck", async () => {
    const poison = aBatch({ batch_id: "poison", due_at: iso(-2) });
    const { deps, sent, counted } = world([poison, aBatch({ due_at: iso(-1) })]);
    const get = async (catalogId: string, batchId: string) => {
      if (batchId === "poison") throw new Error("items: expected array, received string");
      return deps.batches.get(catalogId, batchId);
    };
    // It fails all the same, so that an alarm rings.
    await expect(createHandler({ ...deps, batches: { ...deps.batches, get } })()).rejects.toThrow("1 parts");
    expect(sent).toHaveLength(1);
    expect(counted).toEqual(["StuckWorkFound", "StuckWorkFound"]);
  });

  it("goes on to the others after a run that cannot be read, whose batches make room in the list", async () => {
    const orphan = aBatch({ batch_id: "bad#1", tracking_id: "bad", due_at: iso(-2) });
    const held = aBatch({ batch_id: "bad#2", tracking_id: "bad", due_at: iso(-2), lease_until: iso(1_000) });
    const { deps, sent, replaced } = world([orphan, held, aBatch({ due_at: iso(-1) })]);
    const getRun = async (catalogId: string, trackingId: string) => {
      if (trackingId === "bad") throw new Error("pending: expected number, received string");
      return deps.runs.getRun(catalogId, trackingId);
    };
    await expect(createHandler({ ...deps, runs: { ...deps.runs, getRun } })()).rejects.toThrow("2 parts");
    expect(sent).toHaveLength(1);
    expect(replaced.map(({ batch_id, due_at }) => [batch_id, due_at])).toContainEqual(["bad#1", iso(15 * 60_000)]);
    expect(replaced.map(({ batch_id }) => batch_id)).not.toContain("bad#2");
  });

  it.each([
    ["overdue batches", { batches: ["listDue"] }, { closed: 1, removed: 1, uploads_given_up: 1 }],
    ["open runs", { runs: ["listOpenRuns"] }, { resent: 1, removed: 1, uploads_given_up: 1 }],
    ["one run", { runs: ["closeIfDone"] }, { resent: 1, removed: 1, uploads_given_up: 1 }],
    ["deleted catalogs", { deleted: ["listDeleted"] }, { resent: 1, closed: 1, uploads_given_up: 1 }],
    ["one deleted catalog", { objects: ["remove"] }, { resent: 1, closed: 1 }],
    ["uploads", { uploads: ["listDue"] }, { resent: 1, closed: 1, removed: 1 }],
  ])("does all else when %s fail, and fails at the end", async (_, broken, done) => {
    const away = async () => {
      throw new TransientError("the table is away");
    };
    const { deps } = world([aBatch({ due_at: iso(-1) })], undefined, [aRun({ pending: 0 })]);
    const full: Deps = {
      ...deps,
      deleted: { ...deps.deleted, listDeleted: async () => [aCatalog({ tracking_id: null })] },
      uploads: {
        ...deps.uploads,
        listDue: async () => [anAwaited({ created_at: iso(-25 * 3_600_000) })],
        giveUp: async () => true,
      },
    };
    const whole = { resent: 1, closed: 1, removed: 1, uploads_given_up: 1 };
    expect(await createHandler(full)()).toMatchObject(whole);
    const told: unknown[] = [];
    const faulty = Object.fromEntries(
      Object.entries(broken).map(([room, methods]) => [
        room,
        { ...Reflect.get(full, room), ...Object.fromEntries(methods.map((method) => [method, away])) },
      ]),
    );
    const log = {
      ...silentLog,
      info: (message: string, fields?: object) => message === "reconciled" && told.push(fields),
    };
    await expect(createHandler({ ...full, ...faulty, log })()).rejects.toThrow(/parts of this pass failed/);
    expect(told).toMatchObject([done]);
  });

  it("names every row that cannot be read, and counts each as stuck work", async () => {
    const { deps, counted } = world([]);
    const bad = (batch_id: string) => ({ catalog_id: "cat_1", batch_id, error: new Error("pending: expected number") });
    const errors: unknown[] = [];
    const log = { ...silentLog, error: (message: string, fields?: object) => errors.push({ message, ...fields }) };
    const runs: Deps["runs"] = {
      ...deps.runs,
      listOpenRuns: async (onUnreadable) => {
        onUnreadable(bad("run_bad"));
        return [];
      },
    };
    const deleted: Deps["deleted"] = {
      ...deps.deleted,
      listDeleted: async (_, onUnreadable) => {
        onUnreadable(bad("catalog"));
        return [];
      },
    };
    await expect(createHandler({ ...deps, runs, deleted, log })()).rejects.toThrow("2 parts of this pass failed");
    expect(counted).toEqual(["StuckWorkFound", "StuckWorkFound"]);
    expect(errors).toMatchObject([{ batch_id: "run_bad" }, { batch_id: "catalog", catalog_id: "cat_1" }]);
  });

  it("sends nothing when somebody else was faster", async () => {
    const { deps, sent } = world([aBatch({ due_at: iso(-1) })]);
    const report = await createHandler({ ...deps, batches: { ...deps.batches, replace: async () => false } })();
    expect(report.resent).toBe(0);
    expect(sent).toEqual([]);
  });

  it("leaves what is held by a live worker or paused for later", async () => {
    const { deps, sent, replaced } = world([aBatch({ due_at: iso(-1), lease_until: iso(9_000) })]);
    expect(await createHandler(deps)()).toMatchObject({ postponed: 1, resent: 0 });
    expect(sent).toEqual([]);
    // Its holder records on the version that it claimed.
    expect(replaced).toEqual([]);
    const paused = world([aBatch({ due_at: iso(-1) })], aRun({ state: "paused" }));
    expect(await createHandler(paused.deps)()).toMatchObject({ postponed: 1, resent: 0 });
    expect(paused.replaced).toHaveLength(1);
  });

  it("fails the products of a batch that made no progress in five resends, with words that help", async () => {
    const items = [anItem({ state: "enriched" }), anItem()];
    const { deps, recorded, failures } = world([aBatch({ items, due_at: iso(-1), resends: 5 })]);
    expect(await createHandler(deps)()).toMatchObject({ settled: 1 });
    expect(recorded[0]?.changes[0]?.after.items[1]).toMatchObject({ state: "failed", error_code: "DEAD_LETTERED" });
    expect(failures).toMatchObject([
      { error_code: "DEAD_LETTERED", message: expect.stringContaining("dead-letter queue") },
    ]);
  });

  it("settles batches of a cancelled run without an alarm", async () => {
    const { deps, recorded, counted } = world([aBatch({ due_at: iso(-1) })], aRun({ state: "cancelled" }));
    await createHandler(deps)();
    expect(recorded[0]?.changes[0]?.after.state).toBe("cancelled");
    expect(counted).toEqual([]);
  });

  it("closes the failures of reopened products that it settles as cancelled", async () => {
    const items = [
      anItem({ reopened: true }),
      anItem({ asin: asinNumber(2), state: "failed", error_code: "NotFound" }),
    ];
    const { deps } = world([aBatch({ items, due_at: iso(-1) })], aRun({ state: "cancelled" }));
    const closed: unknown[] = [];
    const close: Deps["failures"]["close"] = async (...what) => void closed.push(what);
    await createHandler({ ...deps, failures: { ...deps.failures, close } })();
    expect(closed).toEqual([["enrich_cat_1_1", [`www.amazon.com#${asinNumber(1)}`], iso(0)]]);
  });

  it("shares the time for cancelled runs among them, and the steps after them have their turn", async () => {
    const many = Array.from({ length: 400 }, (_, n) => `big#${n}`);
    const stopped = (batch_id: string) => aRun({ batch_id, catalog_id: batch_id, state: "cancelled" });
    const { deps } = world([], undefined, [stopped("big"), stopped("small")]);
    let nowMs = NOON;
    const read: string[] = [];
    let looked = false;
    const full: Deps = {
      ...deps,
      clock: { ...deps.clock, now: () => nowMs },
      runs: { ...deps.runs, getRun: async (_catalog, id) => stopped(id) },
      batches: {
        ...deps.batches,
        listUnsettled: async (id) => (id === "big" ? many : ["small#1"]),
        getMany: async (_catalog, ids) => {
          read.push(...ids);
          // A slow table: eight parts would take 24 s.
          nowMs += 3_000;
          return [];
        },
      },
      uploads: {
        ...deps.uploads,
        listDue: async () => {
          looked = true;
          return [];
        },
      },
    };
    await createHandler(full)();
    expect(read).toContain("small#1");
    expect(read.filter((id) => id !== "small#1")).toHaveLength(150);
    expect([looked, nowMs - NOON]).toEqual([true, 12_000]);
  });

  it("closes runs that have nothing left", async () => {
    const { deps, looked } = world([], undefined, [aRun({ pending: 0, batch_id: "done" }), aRun({ batch_id: "open" })]);
    expect(await createHandler(deps)()).toMatchObject({ closed: 1 });
    // A worker that died after its last record may not have said what the others wait for.
    expect(looked).toEqual(["open"]);
  });

  it("passes over rows that were deleted meanwhile, and removes those whose run is gone", async () => {
    const { deps, removed } = world([aBatch({ due_at: iso(-1) })]);
    const gone = { ...deps, batches: { ...deps.batches, get: async () => undefined } };
    expect(await createHandler(gone)()).toEqual(nothing);
    const orphan = { ...deps, runs: { ...deps.runs, getRun: async () => undefined } };
    expect(await createHandler(orphan)()).toEqual(nothing);
    expect(removed).toEqual([aBatch().batch_id]);
  });
});
