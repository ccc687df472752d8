import { describe, expect, it } from "vitest";
import { TransientError } from "../../../lambdas/core/errors.ts";
import type { CatalogRow } from "../../../lambdas/core/status-rows.ts";
import { Faults } from "../../../lambdas/reconcile/faults.ts";
import { reconcileUploads } from "../../../lambdas/reconcile/overdue-uploads.ts";
import { NOON } from "../../helpers/rows.ts";
import { silentLog, silentMeter } from "../../helpers/silent.ts";
import { anAwaited, CATALOG_ID } from "../ingest-catalog/fake-deps.ts";

const iso = (ms: number) => new Date(NOON + ms).toISOString();
const HOUR = 3_600_000;

const pass = async (rows: CatalogRow | readonly CatalogRow[], isFaster = true, unsendable = "") => {
  const done: string[] = [];
  const removed: string[] = [];
  const report = { uploads_resent: 0, uploads_given_up: 0 };
  const meter = { ...silentMeter, count: (name: string) => void done.push(name) };
  const faults = new Faults({ log: silentLog, meter });
  const deps = {
    uploads: {
      listDue: async () => [rows].flat(),
      postpone: async (_: CatalogRow, dueAt: string) => {
        if (isFaster) done.push(`due ${dueAt}`);
        return isFaster;
      },
      giveUp: async (_: CatalogRow, failure: string) => {
        if (isFaster) done.push(failure);
        return isFaster;
      },
    },
    ingestQueue: {
      send: async (id: string) => {
        if (id === unsendable) throw new TransientError("the queue is away");
        done.push(`sent ${id}`);
      },
    },
    objects: {
      remove: async ({ catalog_id }: { catalog_id: string }) => {
        removed.push(catalog_id);
      },
    },
    clock: { now: () => NOON, sleep: async () => {} },
    log: silentLog,
    meter,
  };
  await reconcileUploads(deps, faults, report);
  return { done, removed, report, tell: () => faults.tell() };
};
const reading = (attempt: number) =>
  anAwaited({ state: "ingesting", ingest: { attempt, lease_until: iso(-1), bytes_read: 0 } });

describe("reconcile of uploads", () => {
  it("looks once for a file whose event was lost, then waits for the end of the day", async () => {
    const { done, report } = await pass(anAwaited({ created_at: iso(-HOUR) }));
    expect(done).toEqual([`due ${iso(23 * HOUR)}`, `sent ${CATALOG_ID}`]);
    expect(report).toEqual({ uploads_resent: 1, uploads_given_up: 0 });
  });

  it("ends what no file came for within 24 h", async () => {
    const { done, removed, report } = await pass(anAwaited({ created_at: iso(-24 * HOUR) }));
    expect(done).toEqual(["No file was uploaded within 24 h. Start the upload again."]);
    expect(report).toEqual({ uploads_resent: 0, uploads_given_up: 1 });
    expect(removed).toEqual([CATALOG_ID]);
  });

  it("wakes a reading whose reader died, later after each attempt", async () => {
    expect((await pass(reading(1))).done).toEqual([`due ${iso(120_000)}`, `sent ${CATALOG_ID}`]);
    expect((await pass(reading(9))).done).toEqual([`due ${iso(900_000)}`, `sent ${CATALOG_ID}`]);
  });

  it("gives up after twelve attempts with all that is stored, and says that work was stuck", async () => {
    const { done, removed } = await pass(reading(12));
    expect(done).toEqual(["StuckWorkFound", expect.stringContaining("12 attempts")]);
    expect(done[1]).toContain("corr-1");
    expect(removed).toEqual([CATALOG_ID]);
  });

  it("goes on to the others after one that fails, and tells of it at the end", async () => {
    const bad = { ...reading(1), catalog_id: "cat_bad" };
    const { done, report, tell } = await pass([bad, reading(1)], true, "cat_bad");
    expect(done).toEqual([`due ${iso(120_000)}`, "RecordFailed", `due ${iso(120_000)}`, `sent ${CATALOG_ID}`]);
    expect(report).toEqual({ uploads_resent: 1, uploads_given_up: 0 });
    expect(tell).toThrow("1 parts of this pass failed");
  });

  it("gives a store that is away no more than five tries in a pass", async () => {
    const rows = Array.from({ length: 20 }, () => reading(1));
    const { done } = await pass(rows, true, CATALOG_ID);
    expect(done.filter((what) => what === "RecordFailed")).toHaveLength(5);
  });

  it("sends and removes nothing when somebody else was faster", async () => {
    const { done, report } = await pass(reading(1), false);
    expect(done).toEqual([]);
    expect((await pass(reading(12), false)).removed).toEqual([]);
    expect(report).toEqual({ uploads_resent: 0, uploads_given_up: 0 });
  });
});
