import { describe, expect, it } from "vitest";
import type { CatalogRow } from "../../../lambdas/common/core/catalogs/catalog-row.ts";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { Faults } from "../../../lambdas/reconcile/faults.ts";
import { reconcileUploads } from "../../../lambdas/reconcile/overdue-uploads.ts";
import { NOON } from "../../helpers/rows.ts";
import { silentLog, silentMeter } from "../../helpers/silent.ts";
import { anAwaited, CATALOG_ID } from "../ingest-catalog/fake-deps.ts";

const iso = (ms: number) => new Date(NOON + ms).toISOString();
const HOUR = 3_600_000;

interface Circumstances {
  readonly isFaster?: boolean;
  readonly unsendable?: string;
  /** Whether the file is in the bucket; an error: the bucket does not say. */
  readonly file?: boolean | Error;
}

const pass = async (
  rows: CatalogRow | readonly CatalogRow[],
  { isFaster = true, unsendable = "", file = true }: Circumstances = {},
) => {
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
      hasUpload: async () => {
        if (file instanceof Error) throw file;
        return file;
      },
      remove: async ({ catalog_id }: { catalog_id: string }) => {
        removed.push(catalog_id);
      },
    },
    clock: { now: () => NOON, sleep: async () => {} },
    log: silentLog,
    meter,
  };
  await reconcileUploads(deps, faults, report);
  return { done, removed, report, tell: () => faults.report() };
};
const reading = (attempt: number) =>
  anAwaited({ state: "ingesting", ingest: { attempt, lease_until: iso(-1), bytes_read: 0 } });

describe("reconcile of uploads", () => {
  it("rechecks every hour for a file whose event was lost, and at the end of the day once more", async () => {
    const { done, report } = await pass(anAwaited({ created_at: iso(-HOUR) }), { file: false });
    expect(done).toEqual([`due ${iso(HOUR)}`, `sent ${CATALOG_ID}`]);
    expect(report).toEqual({ uploads_resent: 1, uploads_given_up: 0 });
    const last = await pass(anAwaited({ created_at: iso(-23.5 * HOUR) }), { file: false });
    expect(last.done).toEqual([`due ${iso(0.5 * HOUR)}`, `sent ${CATALOG_ID}`]);
  });

  it("ends what no file came for within 24 h", async () => {
    const { done, removed, report } = await pass(anAwaited({ created_at: iso(-24 * HOUR) }), { file: false });
    expect(done).toEqual(["No file was uploaded within 24 h. Start the upload again."]);
    expect(report).toEqual({ uploads_resent: 0, uploads_given_up: 1 });
    expect(removed).toEqual([CATALOG_ID]);
  });

  it("resends the message of a file that is there after 24 h, and says that work is stuck", async () => {
    for (const hours of [24, 25, 100]) {
      const { done, removed, report } = await pass(anAwaited({ created_at: iso(-hours * HOUR) }));
      expect(done).toEqual(["StuckWorkFound", `due ${iso(HOUR)}`, `sent ${CATALOG_ID}`]);
      expect(report).toEqual({ uploads_resent: 1, uploads_given_up: 0 });
      expect(removed).toEqual([]);
    }
  });

  it("says of a file that was there and is gone that nobody could read it, not that it never came", async () => {
    const { done, removed } = await pass(anAwaited({ created_at: iso(-7 * 24 * HOUR) }), { file: false });
    expect(done).toEqual([expect.stringMatching(/could not be read in the 7 days.*Upload it again.*corr-1\.$/)]);
    expect(removed).toEqual([CATALOG_ID]);
  });

  it("ends nothing while the bucket does not say whether the file is there", async () => {
    const file = new TransientError("S3 is away");
    for (const row of [anAwaited({ created_at: iso(-25 * HOUR) }), reading(1)]) {
      const { done, removed, tell } = await pass(row, { file });
      expect([done, removed]).toEqual([["RecordFailed"], []]);
      expect(tell).toThrow("1 parts of this pass failed");
    }
  });

  it("ends a reading whose file is gone, in words that help, however many attempts there were", async () => {
    for (const attempt of [1, 5, 11]) {
      const { done, removed } = await pass(reading(attempt), { file: false });
      expect(done).toEqual([expect.stringMatching(/no longer there.*7 days.*Upload it again/)]);
      expect(removed).toEqual([CATALOG_ID]);
    }
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

  it("continues to the others after one that fails, and tells of it at the end", async () => {
    const bad = { ...reading(1), catalog_id: "cat_bad" };
    const { done, report, tell } = await pass([bad, reading(1)], { unsendable: "cat_bad" });
    expect(done).toEqual([`due ${iso(120_000)}`, "RecordFailed", `due ${iso(120_000)}`, `sent ${CATALOG_ID}`]);
    expect(report).toEqual({ uploads_resent: 1, uploads_given_up: 0 });
    expect(tell).toThrow("1 parts of this pass failed");
  });

  it("gives a store that is away no more than five tries in a pass", async () => {
    const rows = Array.from({ length: 20 }, () => reading(1));
    const { done } = await pass(rows, { unsendable: CATALOG_ID });
    expect(done.filter((what) => what === "RecordFailed")).toHaveLength(5);
  });

  it("sends and removes nothing when somebody else was faster", async () => {
    const { done, report } = await pass(reading(1), { isFaster: false });
    expect(done).toEqual([]);
    expect((await pass(reading(12), { isFaster: false })).removed).toEqual([]);
    expect(report).toEqual({ uploads_resent: 0, uploads_given_up: 0 });
  });
});
