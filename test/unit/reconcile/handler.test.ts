import { describe, expect, it } from "vitest";
import type { ProductFailure } from "../../../lambdas/adapters/failure-store.ts";
import type { RunOutcome } from "../../../lambdas/adapters/outcome-recorder.ts";
import type { WakeUp } from "../../../lambdas/adapters/wake-ups.ts";
import type { BatchRow, RunRow } from "../../../lambdas/core/status-rows.ts";
import type { Deps } from "../../../lambdas/reconcile/deps.ts";
import { createHandler } from "../../../lambdas/reconcile/handler.ts";
import { aBatch, anItem, aRun, NOON } from "../../helpers/rows.ts";
import { silentLog, silentMeter } from "../../helpers/silent.ts";

const nothing = {
  resent: 0,
  settled: 0,
  postponed: 0,
  closed: 0,
  cancelled: 0,
  removed: 0,
  uploads_resent: 0,
  uploads_given_up: 0,
};
const iso = (ms: number) => new Date(NOON + ms).toISOString();

const world = (
  rows: readonly BatchRow[],
  run: RunRow | undefined = aRun({ state: "running" }),
  open: readonly RunRow[] = [],
) => {
  const replaced: BatchRow[] = [];
  const removed: string[] = [];
  const sent: { queue: string; wakeUps: readonly WakeUp[] }[] = [];
  const recorded: RunOutcome[] = [];
  const failures: ProductFailure[] = [];
  const counted: string[] = [];
  const deps: Deps = {
    status: {
      getRun: async () => run,
      listOpenRuns: async () => [...open],
      closeIfDone: async (candidate) => candidate.pending === 0,
      listDeleted: async () => [],
      listRowKeys: async () => [],
      removeRow: async () => {},
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
    objects: { remove: async () => {} },
    wakeUps: {
      send: async (queue, wakeUps) => {
        sent.push({ queue, wakeUps });
      },
    },
    uploads: { listDue: async () => [], postpone: async () => false, giveUp: async () => false },
    ingestQueue: { send: async () => {} },
    queues: { bulk: "bulk-queue", express: "express-queue" },
    clock: { now: () => NOON, sleep: async () => undefined },
    log: silentLog,
    meter: { ...silentMeter, count: (name) => void counted.push(name) },
  };
  return { deps, replaced, removed, sent, recorded, failures, counted };
};

describe("reconcile", () => {
  it("wakes a batch whose worker died, by the queue of its run, and says that work was stuck", async () => {
    const { deps, sent, replaced, counted } = world([aBatch({ due_at: iso(-1) })], aRun({ express: true }));
    expect(await createHandler(deps)()).toMatchObject({ resent: 1 });
    expect(replaced[0]).toMatchObject({ generation: 2, resends: 1 });
    expect(sent).toMatchObject([
      { queue: "express-queue", wakeUps: [{ delay_seconds: 0, message: { generation: 2 } }] },
    ]);
    expect(counted).toEqual(["StuckWorkFound"]);
  });

  it("goes on to the others after a row that cannot be read, and says that work is stuck", async () => {
    const poison = aBatch({ batch_id: "poison", due_at: iso(-2) });
    const { deps, sent, counted } = world([poison, aBatch({ due_at: iso(-1) })]);
    const get = async (catalogId: string, batchId: string) => {
      if (batchId === "poison") throw new Error("items: expected array, received string");
      return deps.batches.get(catalogId, batchId);
    };
    const report = await createHandler({ ...deps, batches: { ...deps.batches, get } })();
    expect(report).toMatchObject({ resent: 1 });
    expect(sent).toHaveLength(1);
    expect(counted).toEqual(["StuckWorkFound", "StuckWorkFound"]);
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

  it("closes runs that have nothing left", async () => {
    const { deps } = world([], undefined, [aRun({ pending: 0 }), aRun()]);
    expect(await createHandler(deps)()).toMatchObject({ closed: 1 });
  });

  it("passes over rows that were deleted meanwhile, and removes those whose run is gone", async () => {
    const { deps, removed } = world([aBatch({ due_at: iso(-1) })]);
    const gone = { ...deps, batches: { ...deps.batches, get: async () => undefined } };
    expect(await createHandler(gone)()).toEqual(nothing);
    const orphan = { ...deps, status: { ...deps.status, getRun: async () => undefined } };
    expect(await createHandler(orphan)()).toEqual(nothing);
    expect(removed).toEqual([aBatch().batch_id]);
  });
});
