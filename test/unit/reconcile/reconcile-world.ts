import type { RunOutcome } from "../../../lambdas/common/adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import type { QueuedBatch } from "../../../lambdas/common/adapters/sqs/batch-queue.ts";
import type { BatchRow } from "../../../lambdas/common/core/batches/batch-row.ts";
import type { ProductFailure } from "../../../lambdas/common/core/runs/failure-row.ts";
import type { RunRow } from "../../../lambdas/common/core/runs/run-row.ts";
import type { Deps } from "../../../lambdas/reconcile/deps.ts";
import { aRun, NOON } from "../../helpers/rows.ts";
import { silentLog, silentMeter } from "../../helpers/silent.ts";
import { LifecycleWorld } from "../../helpers/worlds/lifecycle/lifecycle-world.ts";

/** Counts of a pass that had nothing to do. */
export const nothing = {
  resent: 0,
  settled: 0,
  postponed: 0,
  closed: 0,
  cancelled: 0,
  removed: 0,
  woken: 0,
  uploads_resent: 0,
  uploads_given_up: 0,
  orphans_removed: 0,
  tried: 0,
};

/** What the housekeeping finds and does: batch rows, the run that each is of, runs that are open, and all it wrote. */
export const world = (
  rows: readonly BatchRow[],
  run: RunRow | undefined = aRun({ state: "running" }),
  open: readonly RunRow[] = [],
) => {
  const replaced: BatchRow[] = [];
  const removed: string[] = [];
  const rechecked: string[] = [];
  const sent: { queue: string; messages: readonly QueuedBatch[] }[] = [];
  const recorded: RunOutcome[] = [];
  const failures: ProductFailure[] = [];
  const counted: string[] = [];
  /** How much was counted, by metric and the values of its dimensions. */
  const totals = new Map<string, number>();
  const gauged: (readonly unknown[])[] = [];
  const deps: Deps = {
    region: "us-east-1",
    wakeHeld: async () => 0,
    trials: new LifecycleWorld().process().trials,
    runs: {
      getRun: async () => run,
      listOpenRuns: async () => [...open],
      closeIfDone: async (candidate) => candidate.pending === 0,
      waitIfAllParked: async ({ batch_id }) => {
        rechecked.push(batch_id);
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
    depths: { read: async (queue) => queue.length },
    queues: { bulk: "bulk-queue", express: "express-queue" },
    clock: { now: () => NOON, sleep: async () => undefined },
    log: silentLog,
    meter: {
      ...silentMeter,
      count: (name, value, dimensions) => {
        counted.push(name);
        const key = [name, ...Object.values(dimensions ?? {})].join(" ");
        totals.set(key, (totals.get(key) ?? 0) + value);
      },
      gauge: (...figure) => void gauged.push(figure),
    },
  };
  return { deps, replaced, removed, rechecked, sent, recorded, failures, counted, totals, gauged };
};
