import { describe, expect, it } from "vitest";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import type { Deps } from "../../../lambdas/reconcile/deps.ts";
import { createHandler } from "../../../lambdas/reconcile/handler.ts";
import { aBatch, aCatalog, anItem, aRun, asinNumber, NOON } from "../../helpers/rows.ts";
import { silentLog } from "../../helpers/silent.ts";
import { anAwaited } from "../ingest-catalog/fake-deps.ts";
import { world } from "./reconcile-world.ts";

const iso = (ms: number) => new Date(NOON + ms).toISOString();

describe("a row that cannot be read", () => {
  it("continues to the others after a row that cannot be read, and says that work is stuck", async () => {
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

  it("continues to the others after a run that cannot be read, whose batches make room in the list", async () => {
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
});
describe("a cancelled run", () => {
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
    const logged: unknown[] = [];
    const faulty = Object.fromEntries(
      Object.entries(broken).map(([room, methods]) => [
        room,
        { ...Reflect.get(full, room), ...Object.fromEntries(methods.map((method) => [method, away])) },
      ]),
    );
    const log = {
      ...silentLog,
      info: (message: string, fields?: object) => message === "reconciled" && logged.push(fields),
    };
    await expect(createHandler({ ...full, ...faulty, log })()).rejects.toThrow(/parts of this pass failed/);
    expect(logged).toMatchObject([done]);
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

  it("shares the time for cancelled runs among them, and leaves some to the steps after them", async () => {
    const many = Array.from({ length: 400 }, (_, n) => `big#${n}`);
    const stopped = (batch_id: string) => aRun({ batch_id, catalog_id: batch_id, state: "cancelled" });
    const { deps } = world([], undefined, [stopped("big"), stopped("small")]);
    let nowMs = NOON;
    const read: string[] = [];
    let rechecked = false;
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
          rechecked = true;
          return [];
        },
      },
    };
    await createHandler(full)();
    expect(read).toContain("small#1");
    expect(read.filter((id) => id !== "small#1")).toHaveLength(150);
    expect([rechecked, nowMs - NOON]).toEqual([true, 12_000]);
  });
});
