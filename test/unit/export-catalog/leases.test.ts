import { describe, expect, it } from "vitest";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import type { Deps } from "../../../lambdas/export-catalog/deps.ts";
import { asinNumber } from "../../helpers/rows.ts";
import { type ExportWorld, exportDeps } from "../../helpers/worlds/export-world.ts";
import { deliverOnce } from "./deliver-once.ts";
import { EXPORT_ID, jobOf, MESSAGE, resultOf, worldOf } from "./fixture.ts";

/** Four pages. */
const CATALOG = ["asin", ...Array.from({ length: 3_500 }, (_, n) => asinNumber(n))].join("\n");
const TIME_MS = 60_000;
const DONE = { kind: "done" };
const iso = (ms: number) => new Date(ms).toISOString();

const invoke = (deps: Deps, receiveCount = 1) =>
  deliverOnce(deps, { message: MESSAGE, receiveCount, remainingMs: TIME_MS });

/** A world in which every look at the clock says that the turn is over. */
const shortPasses = async (): Promise<ExportWorld> => {
  const world = await worldOf(CATALOG);
  world.tickMs = TIME_MS;
  return world;
};

const brokenExports = (world: ExportWorld, broken: Partial<Deps["exports"]>): Deps["exports"] => {
  const { exports } = world;
  return {
    claim: exports.claim.bind(exports),
    saveCheckpoint: exports.saveCheckpoint.bind(exports),
    restart: exports.restart.bind(exports),
    release: exports.release.bind(exports),
    finish: exports.finish.bind(exports),
    fail: exports.fail.bind(exports),
    ...broken,
  };
};

describe("a turn that is over", () => {
  it("sends the next message, delayed, before it gives its lease back", async () => {
    const world = await shortPasses();
    const heldWhenSent: boolean[] = [];
    const deps = exportDeps(world);
    const queue: Deps["queue"] = {
      send: async (message, delay) => {
        heldWhenSent.push(jobOf(world).lease_owner !== undefined);
        await deps.queue.send(message, delay);
      },
    };
    const message = { ...MESSAGE, earlier_deliveries: 3 };
    expect(await deliverOnce({ ...deps, queue }, { message, receiveCount: 4, remainingMs: TIME_MS })).toEqual(DONE);
    expect(heldWhenSent).toEqual([true]);
    // What went wrong before this turn does not count against the next one.
    expect(world.sent).toEqual([MESSAGE]);
    expect(world.delays).toEqual([2]);
    expect(jobOf(world).lease_owner).toBeUndefined();
  });

  it("comes back when the queue does not take the next message; the last delivery says that the export failed", async () => {
    const send = async (): Promise<void> => {
      throw new TransientError("the queue is down");
    };
    const world = await shortPasses();
    expect(await invoke(exportDeps(world, { queue: { send } }))).toEqual({ kind: "again", seconds: 30 });
    expect(jobOf(world)).toMatchObject({ state: "running", rows_read: 0 });
    expect(jobOf(world).checkpoint?.offset).toBeGreaterThan(0);
    expect(jobOf(world).lease_owner).toBeUndefined();
    expect(await invoke(exportDeps(world, { queue: { send } }), 5)).toMatchObject({ kind: "again" });
    expect(jobOf(world)).toMatchObject({ state: "failed" });
  });

  it("leaves the rest to the message that it sent when its lease cannot be given back", async () => {
    const world = await worldOf(CATALOG);
    // The turn is over while its lease is not.
    world.tickMs = 12_000;
    const release = async (): Promise<void> => {
      throw new TransientError("the table is down");
    };
    expect(await invoke(exportDeps(world, { exports: brokenExports(world, { release }) }))).toEqual(DONE);
    expect(world.sent).toHaveLength(1);
    world.tickMs = 0;
    expect(await invoke(exportDeps(world))).toEqual(DONE);
    // It met the lease that was not given back, and waits for its end.
    expect(world.sent).toEqual([MESSAGE, { ...MESSAGE, earlier_deliveries: 0 }]);
    world.nowMs += (world.delays[1] ?? 0) * 1_000 + 1;
    expect(await invoke(exportDeps(world))).toEqual(DONE);
    expect(jobOf(world)).toMatchObject({ state: "ready", rows_written: 3_500 });
  });
});

describe("a message that meets the lease of another worker", () => {
  /** Delivers a second message in the middle of the first one's turn. */
  const meeting = async (receiveCount: number, overrides: Partial<Deps> = {}) => {
    const world = await worldOf(CATALOG);
    const deps = exportDeps(world);
    const met: unknown[] = [];
    const getMany: Deps["products"]["getMany"] = async (keys) => {
      if (met.length === 0) {
        met.push("");
        met[0] = await invoke(exportDeps(world, overrides), receiveCount);
      }
      return deps.products.getMany(keys);
    };
    expect(await invoke({ ...deps, products: { getMany } })).toEqual(DONE);
    expect(jobOf(world)).toMatchObject({ state: "ready", rows_written: 3_500 });
    expect(resultOf(world).split("\r\n")).toHaveLength(3_502);
    return { world, met: met[0] };
  };

  it("is replaced by one that waits for the end of the lease and counts only what was tried", async () => {
    for (const receiveCount of [1, 3, 5]) {
      const { world, met } = await meeting(receiveCount);
      expect(met).toEqual(DONE);
      expect(world.sent).toEqual([{ ...MESSAGE, earlier_deliveries: receiveCount - 1 }]);
      expect(world.delays).toEqual([65]);
      world.nowMs += 65_000;
      expect(await invoke(exportDeps(world))).toEqual(DONE);
      expect(world.sent).toHaveLength(1);
    }
  });

  it("goes its way to the dead-letter queue after its last attempt, as it might go round for ever", async () => {
    const { world, met } = await meeting(6);
    expect(met).toEqual({ kind: "again", seconds: 65 });
    expect(world.sent).toEqual([]);
  });

  it("comes back when no other can be sent in its place", async () => {
    const send = async (): Promise<void> => {
      throw new TransientError("the queue is down");
    };
    const { world, met } = await meeting(1, { queue: { send } });
    expect(met).toEqual({ kind: "again", seconds: 30 });
    expect(world.logs.join()).toMatch(/the queue is down/);
  });

  it("waits a second at least, also at the very end of the lease", async () => {
    const world = await worldOf(CATALOG);
    const now = iso(world.nowMs);
    await world.exports.claim({ export_id: EXPORT_ID, owner: "other", now, lease_until: now, last_delivery: false });
    expect(await invoke(exportDeps(world))).toEqual(DONE);
    expect(world.delays).toEqual([1]);
  });
});

describe("a worker that has lost its lease", () => {
  const lost = async (change: (world: ExportWorld) => void) => {
    const world = await worldOf(CATALOG);
    const deps = exportDeps(world);
    const getMany: Deps["products"]["getMany"] = async (keys) => {
      change(world);
      return deps.products.getMany(keys);
    };
    return { result: await invoke({ ...deps, products: { getMany } }, 2), world };
  };
  const becomes = (world: ExportWorld, changes: object): void => {
    const { lease_owner: _owner, lease_until: _until, ...rest } = jobOf(world);
    world.exports.jobs.set(EXPORT_ID, { ...rest, ...changes });
  };

  it.each([
    ["nobody", {}],
    ["one whose lease is over too", { lease_owner: "dead", lease_until: iso(0) }],
  ])("to %s lets its message come again", async (_, changes) => {
    const { result, world } = await lost((lostWorld) => becomes(lostWorld, changes));
    expect(result).toEqual({ kind: "again", seconds: 60 });
    expect(await invoke(exportDeps(world))).toEqual(DONE);
    expect(jobOf(world)).toMatchObject({ state: "ready", rows_written: 3_500 });
  });

  it("is done when the export has ended or is forgotten", async () => {
    expect((await lost((world) => becomes(world, { state: "ready" }))).result).toEqual(DONE);
    expect((await lost((world) => becomes(world, { state: "failed" }))).result).toEqual(DONE);
    expect((await lost((world) => world.exports.jobs.clear())).result).toEqual(DONE);
  });
});

describe("a piece that is parked between two turns", () => {
  const parked = async () => {
    const world = await shortPasses();
    // The first turn measures, the second one writes a page.
    for (let n = 0; n < 6 && !jobOf(world).checkpoint?.tail; n += 1) await invoke(exportDeps(world));
    expect(jobOf(world).checkpoint?.tail).toBeTruthy();
    world.tickMs = 0;
    return world;
  };

  it("is kept until the row says ready, so that the export continues when it cannot be said at first", async () => {
    const world = await parked();
    const finish = async (): Promise<void> => {
      throw new TransientError("the table is down");
    };
    expect(await invoke(exportDeps(world, { exports: brokenExports(world, { finish }) }))).toMatchObject({
      kind: "again",
    });
    expect(await invoke(exportDeps(world))).toEqual(DONE);
    expect(jobOf(world)).toMatchObject({ state: "ready", failure: null, rows_written: 3_500 });
    expect([...world.objects.stored.keys()].filter((key) => key.startsWith("exports/"))).toEqual([
      jobOf(world).object_key,
    ]);
  });

  it("makes the export begin anew when it is gone, and does not pass for a deleted catalog", async () => {
    const world = await parked();
    world.objects.stored.delete(jobOf(world).checkpoint?.tail ?? "");
    expect(await invoke(exportDeps(world))).toMatchObject({ kind: "again" });
    expect(jobOf(world)).toMatchObject({ state: "running", checkpoint: null });
    expect(await invoke(exportDeps(world))).toEqual(DONE);
    expect(jobOf(world)).toMatchObject({ state: "ready", rows_written: 3_500 });
  });
});
