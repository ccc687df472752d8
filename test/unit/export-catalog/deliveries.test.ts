import { describe, expect, it } from "vitest";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { asinNumber } from "../../helpers/rows.ts";
import { exportDeps } from "../../helpers/worlds/export-world.ts";
import { EXPORT_ID, jobOf, MESSAGE, resultOf, worldOf } from "./fixture.ts";
import { AGAIN, DONE, deliver, MESSY, records } from "./messy-export.ts";

describe("a delivery", () => {
  it("of an export that is ready does nothing", async () => {
    const world = await worldOf(MESSY);
    await deliver(exportDeps(world));
    const before = resultOf(world);
    world.products.clear();
    expect(await deliver(exportDeps(world))).toEqual(DONE);
    expect(resultOf(world)).toBe(before);
    expect(world.counted).toContain("RecordDuplicate");
  });

  it("of an export that another worker holds leaves a message for when the lease must be over", async () => {
    const world = await worldOf(MESSY);
    await world.exports.claim({
      export_id: EXPORT_ID,
      owner: "other",
      now: new Date(world.nowMs).toISOString(),
      lease_until: new Date(world.nowMs + 20_000).toISOString(),
      last_delivery: false,
    });
    expect(await deliver(exportDeps(world))).toEqual(DONE);
    expect(world.sent).toEqual([{ ...MESSAGE, earlier_deliveries: 0 }]);
    expect(world.delays).toEqual([20]);
    expect(world.objects.writes).toEqual([]);
    world.nowMs += 20_001;
    expect(await deliver(exportDeps(world))).toEqual(DONE);
    expect(jobOf(world).state).toBe("ready");
  });

  it("that cannot be read goes the way to the dead-letter queue", async () => {
    const world = await worldOf(MESSY);
    for (const body of ["no json", JSON.stringify({ version: 2 })]) {
      expect(await deliver(exportDeps(world), body)).toEqual(AGAIN);
    }
    expect(world.counted.filter((name) => name === "RecordInvalid")).toHaveLength(2);
  });

  it("of a catalog that was deleted meanwhile ends the export with the reason", async () => {
    const world = await worldOf(MESSY);
    world.catalog = { ...world.catalog, deleted_at: new Date(world.nowMs).toISOString() };
    expect(await deliver(exportDeps(world))).toEqual(DONE);
    expect(jobOf(world)).toMatchObject({ state: "failed", failure: expect.stringContaining("deleted") });
  });

  it("of an export that is forgotten is dropped", async () => {
    const world = await worldOf(MESSY);
    world.exports.jobs.clear();
    expect(await deliver(exportDeps(world))).toEqual(DONE);
  });

  it("comes back later and later while the table does not answer", async () => {
    const world = await worldOf(MESSY);
    const waits: number[] = [];
    const deps = exportDeps(world, {
      exports: {
        ...exportDeps(world).exports,
        claim: async () => {
          throw new TransientError("throttled");
        },
      },
      ownQueue: {
        changeVisibility: async (_, seconds) => {
          waits.push(seconds);
        },
        changeVisibilities: async () => {},
        remove: async () => {},
      },
    });
    expect(await deliver(deps)).toEqual(AGAIN);
    expect(await deliver(deps, JSON.stringify(MESSAGE), 3)).toEqual(AGAIN);
    expect(waits).toEqual([30, 90]);
  });

  it("that fails for now comes back; the last one says that the export failed, and a redrive still finishes it", async () => {
    const world = await worldOf(MESSY);
    const broken = exportDeps(world, {
      products: {
        getMany: async () => {
          throw new TransientError("throttled");
        },
      },
    });
    expect(await deliver(broken)).toEqual(AGAIN);
    expect(jobOf(world)).toMatchObject({ state: "running" });
    expect(jobOf(world).lease_owner).toBeUndefined();
    expect(await deliver(broken, JSON.stringify(MESSAGE), 5)).toEqual(AGAIN);
    expect(jobOf(world)).toMatchObject({ state: "failed", failure: expect.stringContaining("again") });
    expect(await deliver(exportDeps(world))).toEqual(DONE);
    expect(jobOf(world)).toMatchObject({ state: "ready", failure: null });
    expect(records(world)).toHaveLength(8);
  });

  it("claims the export as the last one only when no other delivery comes after it", async () => {
    const lasts: (boolean | undefined)[] = [];
    for (const [receiveCount, earlier_deliveries] of [
      [1, undefined],
      [4, 0],
      [5, undefined],
      [6, undefined],
      [1, 3],
      [2, 3],
    ] as const) {
      const world = await worldOf(MESSY);
      const { exports } = exportDeps(world);
      const claim: typeof exports.claim = async (asked) => {
        lasts.push(asked.last_delivery);
        return exports.claim(asked);
      };
      const bound = {
        claim,
        finish: exports.finish.bind(exports),
        saveCheckpoint: exports.saveCheckpoint.bind(exports),
      };
      const deps = exportDeps(world, {
        exports: { ...bound, restart: exports.restart, release: exports.release, fail: exports.fail },
      });
      await deliver(deps, JSON.stringify({ ...MESSAGE, earlier_deliveries }), receiveCount);
    }
    expect(lasts).toEqual([false, false, true, true, false, true]);
  });

  it("begins anew when S3 has ended the upload in parts", async () => {
    const csv = ["asin", ...Array.from({ length: 3_000 }, (_, n) => asinNumber(n))].join("\n");
    const world = await worldOf(csv);
    let stop = true;
    const small = { partBytes: 20_000 };
    const dying = exportDeps(world, {
      ...small,
      products: {
        getMany: async () => {
          if (world.exports.checkpoints.length > 1 && stop) throw new TransientError("throttled");
          return new Map();
        },
      },
    });
    expect(await deliver(dying)).toEqual(AGAIN);
    expect(jobOf(world).checkpoint?.parts.length).toBeGreaterThan(0);
    stop = false;
    world.objects.uploads.clear();
    expect(await deliver(exportDeps(world, small))).toEqual(AGAIN);
    expect(jobOf(world).checkpoint).toBeNull();
    expect(await deliver(exportDeps(world, small))).toEqual(DONE);
    expect(records(world)).toHaveLength(3_000);
  });
});
