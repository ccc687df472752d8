import { describe, expect, it } from "vitest";
import type { CatalogRow } from "../../../lambdas/core/status-rows.ts";
import { reconcileUploads } from "../../../lambdas/reconcile/overdue-uploads.ts";
import { NOON } from "../../helpers/rows.ts";
import { silentLog, silentMeter } from "../../helpers/silent.ts";
import { anAwaited, CATALOG_ID } from "../ingest-catalog/fake-deps.ts";

const iso = (ms: number) => new Date(NOON + ms).toISOString();
const HOUR = 3_600_000;

const pass = async (row: CatalogRow, isFaster = true) => {
  const done: string[] = [];
  const report = await reconcileUploads({
    uploads: {
      listDue: async () => [row],
      postpone: async (_, dueAt) => {
        if (isFaster) done.push(`due ${dueAt}`);
        return isFaster;
      },
      giveUp: async (_, failure) => {
        if (isFaster) done.push(failure);
        return isFaster;
      },
    },
    ingestQueue: {
      send: async (id) => {
        done.push(`sent ${id}`);
      },
    },
    clock: { now: () => NOON, sleep: async () => {} },
    log: silentLog,
    meter: { ...silentMeter, count: (name) => void done.push(name) },
  });
  return { done, report };
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
    const { done, report } = await pass(anAwaited({ created_at: iso(-24 * HOUR) }));
    expect(done).toEqual(["No file was uploaded within 24 h. Start the upload again."]);
    expect(report).toEqual({ uploads_resent: 0, uploads_given_up: 1 });
  });

  it("wakes a reading whose reader died, later after each attempt", async () => {
    expect((await pass(reading(1))).done).toEqual([`due ${iso(120_000)}`, `sent ${CATALOG_ID}`]);
    expect((await pass(reading(9))).done).toEqual([`due ${iso(900_000)}`, `sent ${CATALOG_ID}`]);
  });

  it("gives up after twelve attempts, and says that work was stuck", async () => {
    const { done } = await pass(reading(12));
    expect(done).toEqual([expect.stringContaining("12 attempts"), "StuckWorkFound"]);
    expect(done[0]).toContain("corr-1");
  });

  it("sends nothing when somebody else was faster", async () => {
    const { done, report } = await pass(reading(1), false);
    expect(done).toEqual([]);
    expect(report).toEqual({ uploads_resent: 0, uploads_given_up: 0 });
  });
});
