import { describe, expect, it, vi } from "vitest";
import type { CatalogRow } from "../../../lambdas/common/core/catalogs/catalog-row.ts";
import { aCatalog, aRun } from "../../helpers/rows.ts";
import { CATALOG, LiveWorld } from "../../helpers/worlds/live-world.ts";

const subscribe = { action: "subscribe_to_catalog", catalog_id: CATALOG };

/** A world in which so many connections listen to a run. */
const listening = async (connections: number): Promise<LiveWorld> => {
  const world = new LiveWorld();
  await world.putRun();
  for (let n = 1; n <= connections; n += 1) {
    await world.connectAs("user-1", `c${n}`);
    await world.say(`c${n}`, subscribe);
  }
  world.arrived.length = 0;
  return world;
};
const rowAt = (sequence: number) =>
  aRun({ catalog_id: CATALOG, batch_id: `enrich_${CATALOG}_1`, sequence, state: "running" });
const channels = (world: LiveWorld) => world.dynamo.items("live").map(({ channel }) => String(channel));

describe("changes of a run", () => {
  it("are one message of the newest state for each batch of records, also when they come in another order", async () => {
    const world = await listening(2);
    await world.broadcast(0, [rowAt(1), rowAt(3), rowAt(2)]);
    expect(world.arrived.map(({ connectionId, message }) => [connectionId, message])).toMatchObject([
      ["c1", { type: "catalog_progress", sequence: 3 }],
      ["c2", { type: "catalog_progress", sequence: 3 }],
    ]);
  });

  it("that leave the sequence as it was, such as claims, are not sent again", async () => {
    const world = await listening(1);
    await world.broadcast(0, [rowAt(1)]);
    await world.broadcast(0, [rowAt(1)]);
    expect(world.arrived).toHaveLength(1);
  });

  it("come a quarter of a second apart, whichever instances send them", async () => {
    const world = await listening(1);
    for (let sequence = 1; sequence <= 9; sequence += 1) await world.broadcast(sequence % 2 ? 0 : 1, [rowAt(sequence)]);
    const times = world.arrived.map(({ atMs }) => atMs);
    expect(times).toEqual(times.map((_, index) => (times[0] ?? 0) + index * 250));
  });

  it("wait for what is left of the quarter, to the millisecond", async () => {
    const world = await listening(1);
    await world.broadcast(0, [rowAt(1)]);
    world.nowMs += 249;
    await world.broadcast(1, [rowAt(2)]);
    world.nowMs += 250;
    await world.broadcast(0, [rowAt(3)]);
    const times = world.arrived.map(({ atMs }) => atMs - (world.arrived[0]?.atMs ?? 0));
    expect(times).toEqual([0, 250, 500]);
  });

  it("whose pace a clock that is an hour ahead holds go beside it, one in two seconds", async () => {
    const world = await listening(1);
    const beganMs = world.nowMs;
    world.nowMs += 3_600_000;
    await world.broadcast(0, [rowAt(1)]);
    world.nowMs = beganMs;
    await world.broadcast(1, [rowAt(2)]);
    await world.broadcast(1, [rowAt(3)]);
    expect(world.arrived.map(({ atMs }) => atMs - beganMs)).toEqual([3_600_000, 2_000, 4_000]);
  });

  it("of which nobody is to hear cost no write", async () => {
    const world = new LiveWorld();
    await world.broadcast(0, [rowAt(1)]);
    expect(world.dynamo.items("live")).toEqual([]);
  });

  it("that cannot be read are counted, and hold no other up", async () => {
    const world = await listening(1);
    const wrong = { ...rowAt(1), state: "dancing" } as unknown as ReturnType<typeof rowAt>;
    expect(await world.broadcast(0, [wrong, rowAt(2)])).toEqual({ batchItemFailures: [] });
    expect(world.arrived).toMatchObject([{ message: { sequence: 2 } }]);
    expect(world.counted).toEqual(["PushErrors"]);
  });
});

describe("changes of a catalog that has no run", () => {
  const catalogAt = (state: CatalogRow["state"], change: Partial<CatalogRow> = {}) =>
    aCatalog({ catalog_id: CATALOG, user_id: "user-1", state, ...change });
  const rows = { total: 0, valid: 0, duplicates: 0, rejected: 0, blank: 0, repaired: 0 };

  /** A world in which a connection listens to a catalog whose file is awaited. */
  const awaiting = async (): Promise<LiveWorld> => {
    const world = new LiveWorld();
    await world.putCatalog({ state: "awaiting_upload", rows });
    await world.connectAs("user-1", "c1");
    await world.say("c1", subscribe);
    return world;
  };
  const statesSeen = (world: LiveWorld): unknown[] =>
    world
      .sentTo("c1")
      .flatMap((one) => (one.type === "catalog_progress" ? [[one.tracking_id, one.sequence, one.state]] : []));

  it("follow its snapshot, to the end: a file that was refused", async () => {
    const world = await awaiting();
    await world.broadcast(0, [catalogAt("ingesting", { rows })]);
    await world.broadcast(1, [catalogAt("ingest_failed", { rows, failure: "The file is empty." })]);
    expect(statesSeen(world)).toEqual([
      [null, 0, "awaiting_upload"],
      [null, 1, "ingesting"],
      [null, 2, "ingest_failed"],
    ]);
  });

  it("say how many products wait once its file is read", async () => {
    const world = await awaiting();
    await world.broadcast(0, [catalogAt("ready")]);
    expect(world.sentTo("c1").at(-1)).toMatchObject({
      ...{ tracking_id: null, state: "ready" },
      counts: { pending: 3, enriched: 0, failed: 0, cancelled: 0 },
    });
  });

  it("are older than any run, whichever comes first in a batch or to an instance", async () => {
    const world = await awaiting();
    await world.broadcast(0, [rowAt(0), catalogAt("ready")]);
    await world.broadcast(0, [catalogAt("ready")]);
    expect(statesSeen(world).slice(1)).toEqual([[`enrich_${CATALOG}_1`, 0, "running"]]);
  });

  it("do not keep a run from being news, nor does the end of one run keep the next", async () => {
    const world = await awaiting();
    await world.broadcast(0, [catalogAt("ingest_failed")]);
    await world.broadcast(0, [rowAt(0)]);
    await world.broadcast(0, [{ ...rowAt(0), batch_id: `enrich_${CATALOG}_2` }]);
    expect(statesSeen(world).slice(2)).toEqual([
      [`enrich_${CATALOG}_1`, 0, "running"],
      [`enrich_${CATALOG}_2`, 0, "running"],
    ]);
  });

  it.each([
    ["names its first run", { tracking_id: `enrich_${CATALOG}_1` }],
    ["is marked as deleted", { deleted_at: "2026-11-23T12:00:00.000Z" }],
  ])("are not sent where the row %s: a snapshot would say something else", async (_, change) => {
    const world = await awaiting();
    await world.broadcast(0, [catalogAt("ready", change)]);
    expect(statesSeen(world)).toHaveLength(1);
    expect(world.counted).toEqual([]);
  });
});

describe("a connection", () => {
  it("that is gone is forgotten with all that it listened to", async () => {
    const world = await listening(2);
    await world.leave("c1", false);
    await world.broadcast(0, [rowAt(1)]);
    expect(world.arrived.map(({ connectionId }) => connectionId)).toEqual(["c2"]);
    expect(channels(world).filter((channel) => channel.startsWith("connection#"))).toEqual(["connection#c2"]);
    expect(channels(world).filter((channel) => channel === `catalog#${CATALOG}`)).toHaveLength(1);
  });

  it("that cannot be reached is disconnected, so that its next snapshot brings what it missed", async () => {
    const world = await listening(2);
    world.fault = (id, call) => (id === "c1" && call === "send" ? "lost" : "none");
    expect(await world.broadcast(0, [rowAt(1)])).toEqual({ batchItemFailures: [] });
    expect([...world.open]).toEqual(["c2"]);
    expect(channels(world)).not.toContain("connection#c1");
  });

  it("that is limited gets the message a moment later, after all others", async () => {
    const world = await listening(3);
    let refused = 0;
    world.fault = (id, call) => {
      if (id !== "c1" || call !== "send" || refused === 2) return "none";
      refused += 1;
      return "limited";
    };
    expect(await world.broadcast(0, [rowAt(1)])).toEqual({ batchItemFailures: [] });
    expect(world.arrived.map(({ connectionId }) => connectionId)).toEqual(["c2", "c3", "c1"]);
    expect([world.open.size, world.counted]).toEqual([3, []]);
  });

  it("that stays limited, because its client reads nothing, is disconnected", async () => {
    const world = await listening(3);
    world.fault = (id) => (id === "c1" ? "limited" : "none");
    expect(await world.broadcast(0, [rowAt(1)])).toEqual({ batchItemFailures: [] });
    expect([[...world.open], world.counted]).toEqual([["c2", "c3"], ["PushErrors"]]);
    expect(channels(world)).not.toContain("connection#c1");
  });

  it("that answers nothing holds up no other", async () => {
    const world = await listening(60);
    let release: () => void = () => {};
    const dead = new Promise<void>((resolve) => {
      release = resolve;
    });
    world.hold = (id) => (id === "c1" ? dead : undefined);
    const broadcasting = world.broadcast(0, [rowAt(1)]);
    await vi.waitUntil(() => world.arrived.length === 59);
    release();
    await broadcasting;
    expect(world.arrived.at(-1)?.connectionId).toBe("c1");
  });

  it("whose time is over gets nothing", async () => {
    const world = await listening(1);
    world.nowMs += 2 * 3_600_000;
    await world.broadcast(0, [rowAt(1)]);
    expect(world.arrived).toEqual([]);
  });
});

describe("an API Gateway that is away", () => {
  it("fails the batch after so many sends, and nobody is forgotten", async () => {
    const world = await listening(60);
    let calls = 0;
    world.fault = () => {
      calls += 1;
      return "lost";
    };
    await expect(world.broadcast(0, [rowAt(1)])).rejects.toThrow(/60 of 60 listeners were not reached/);
    expect(calls).toBe(50);
    expect(channels(world).filter((channel) => channel.startsWith("connection#"))).toHaveLength(60);
    world.fault = () => "none";
    await world.broadcast(1, [rowAt(1)]);
    expect(world.arrived).toHaveLength(60);
  });

  it("leaves time to report what was not sent", async () => {
    const world = await listening(1);
    await expect(world.broadcast(0, [rowAt(1)], 1_000)).rejects.toThrow(/not reached/);
  });
});
