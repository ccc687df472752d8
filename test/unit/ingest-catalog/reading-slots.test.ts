import type { SQSEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { ReadingSlots } from "../../../lambdas/common/adapters/dynamodb/operations/reading-slots.ts";
import type { CatalogRow } from "../../../lambdas/common/core/catalogs/catalog-row.ts";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { createHandler } from "../../../lambdas/ingest-catalog/handler.ts";
import { Seeded } from "../../../local/faults/seeded.ts";
import { MemoryDynamo } from "../../helpers/memory/memory-dynamo.ts";
import { NOON } from "../../helpers/rows.ts";
import { testSeed } from "../../helpers/test-seed.ts";
import { anAwaited, anUploadRequest, CATALOG_ID, CONTEXT, fakeDeps } from "./fake-deps.ts";

const LEASE_MS = 90_000;
const iso = (ms: number) => new Date(NOON + ms).toISOString();

const event = (catalogId: string): SQSEvent =>
  ({
    Records: [
      {
        messageId: "m1",
        receiptHandle: "r1",
        body: JSON.stringify({ version: 1, catalog_id: catalogId }),
        attributes: { ApproximateReceiveCount: "1" },
      },
    ],
  }) as unknown as SQSEvent;

const slotsOf = (most: number, gate?: () => Promise<void>) => {
  const dynamo = new MemoryDynamo({ operations: { keys: ["operation_key"] } }, gate);
  return { dynamo, slots: new ReadingSlots(dynamo.client(), "operations", most) };
};
const slot = (reader: string, user_id = "ann") => ({ user_id, reader });

describe("slots for reading", () => {
  it("are so many a user and no more, until one ends", async () => {
    const { slots } = slotsOf(2);
    const begin = (reader: string, user?: string) => slots.begin(slot(reader, user), NOON, NOON + LEASE_MS);
    expect([await begin("1"), await begin("2"), await begin("3")]).toEqual([true, true, false]);
    expect(await begin("4", "bob")).toBe(true);
    await slots.end(slot("1"));
    await slots.end(slot("1"));
    expect([await begin("3"), await begin("5")]).toEqual([true, false]);
  });

  it("of a reader that died end by themselves, and not while one is renewed", async () => {
    const { slots, dynamo } = slotsOf(1);
    const begin = (reader: string, atMs: number) => slots.begin(slot(reader), NOON + atMs, NOON + atMs + LEASE_MS);
    expect(await begin("dead", 0)).toBe(true);
    await slots.renew(slot("dead"), NOON + 60_000 + LEASE_MS);
    expect(await begin("next", LEASE_MS + 1)).toBe(false);
    expect(await begin("next", 60_000 + LEASE_MS + 1)).toBe(true);
    expect(dynamo.items("operations")).toMatchObject([{ readers: { next: expect.any(String) } }]);
  });

  it("are not given twice to readers that begin at the same moment", async () => {
    // Every step waits for the others, so that all read before any of them writes.
    const gate = async () => {
      await new Promise((resolve) => setImmediate(resolve));
    };
    const { slots } = slotsOf(2, gate);
    const readers = Array.from({ length: 8 }, (_, n) => slot(`r${n}`));
    const begun = await Promise.all(readers.map((one) => slots.begin(one, NOON, NOON + LEASE_MS)));
    expect(begun.filter(Boolean)).toHaveLength(2);
  });
});

describe("a file whose user has no turn", () => {
  it("waits by a message of its own, so that the wait is no failed delivery", async () => {
    const { deps, world } = fakeDeps({ hasSlot: false });
    expect(await createHandler(deps)(event(CATALOG_ID), CONTEXT)).toEqual({ batchItemFailures: [] });
    expect([world.sentLater, world.backAfter, world.row?.state]).toEqual([[20], [], "awaiting_upload"]);
    expect(world.row?.ingest?.attempt).toBe(0);
    expect(world.removed).toEqual([]);
  });

  it("is not lost when that message cannot be sent", async () => {
    const { deps, world } = fakeDeps({ hasSlot: false });
    const sendLater = async () => {
      throw new TransientError("the queue is away");
    };
    const answer = await createHandler({ ...deps, queue: { ...deps.queue, sendLater } })(event(CATALOG_ID), CONTEXT);
    expect(answer.batchItemFailures).toHaveLength(1);
    expect(world.row?.state).toBe("awaiting_upload");
  });

  it("waits also when it is for a dry run", async () => {
    const dryRun = {
      operation_key: `dry-run#${CATALOG_ID}`,
      dry_run_id: CATALOG_ID,
      owner_id: "u",
      created_at: iso(0),
      marketplace: "www.amazon.com",
      request: anUploadRequest(),
      result: null,
      failure: null,
      expires_at: NOON / 1_000 + 60,
    };
    const { deps, world } = fakeDeps({ hasSlot: false, dryRun });
    await createHandler(deps)(event(CATALOG_ID), CONTEXT);
    expect([world.sentLater, world.dryRunEnd]).toEqual([[20], undefined]);
    const taken = fakeDeps({ dryRun });
    await createHandler(taken.deps)(event(CATALOG_ID), CONTEXT);
    expect(taken.world.slotUses).toEqual(["begun u", "renewed", "ended u"]);
    // The only message that knows of a dry run comes back soon after its worker died, and not before.
    expect(taken.world.hiddenFor).toEqual([95, 95]);
  });

  it("does not wait when another worker reads it already: its message is done", async () => {
    const row = anAwaited({ state: "ingesting", ingest: { attempt: 1, lease_until: iso(1), bytes_read: 0 } });
    const { deps, world } = fakeDeps({ hasSlot: false, row });
    await createHandler(deps)(event(CATALOG_ID), CONTEXT);
    expect([world.sentLater, world.slotUses]).toEqual([[], []]);
  });
});

describe("the message of a file", () => {
  it("is hidden as long as its reader shows signs of life, each time for a lease and a moment", async () => {
    const { deps, world } = fakeDeps();
    await createHandler(deps)(event(CATALOG_ID), CONTEXT);
    expect(world.hiddenFor.length).toBeGreaterThanOrEqual(2);
    expect(new Set(world.hiddenFor)).toEqual(new Set([LEASE_MS / 1_000 + 5]));
  });

  it("stops no reading where the queue does not hide it, and is not touched where the user must wait", async () => {
    const { deps, world } = fakeDeps();
    const ownQueue = {
      ...deps.ownQueue,
      changeVisibilities: async () => {
        throw new TransientError("the queue is away");
      },
    };
    await createHandler({ ...deps, ownQueue })(event(CATALOG_ID), CONTEXT);
    expect(world.row?.state).toBe("ready");
    const waiting = fakeDeps({ hasSlot: false });
    await createHandler(waiting.deps)(event(CATALOG_ID), CONTEXT);
    expect(waiting.world.hiddenFor).toEqual([]);
  });
});

describe("a turn", () => {
  it("is ended also when the reading fails, and a fault in keeping or ending it stops no reading", async () => {
    const failing = fakeDeps({ commitFails: new TransientError("throttled") });
    await createHandler(failing.deps)(event(CATALOG_ID), CONTEXT);
    expect(failing.world.slotUses.at(-1)).toMatch(/^ended /);
    const { deps, world } = fakeDeps();
    const away = async () => {
      throw new TransientError("the table is away");
    };
    const readingSlots = { ...deps.readingSlots, renew: away, end: away };
    expect(await createHandler({ ...deps, readingSlots })(event(CATALOG_ID), CONTEXT)).toEqual({
      batchItemFailures: [],
    });
    expect(world.row?.state).toBe("ready");
  });
});

/** Four workers over one queue and the real slots; a reading takes ten ticks. */
const SEED = testSeed("reading slots of uploads", 20_261_123);
const serve = async (most: number, owners: readonly string[]) => {
  const { slots } = slotsOf(most);
  const draws = new Seeded(SEED);
  const rows = new Map<string, CatalogRow>();
  owners.forEach((user_id, n) => {
    const catalog_id = `cat_${String(n).padStart(16, "0")}`;
    rows.set(catalog_id, anAwaited({ catalog_id, user_id, upload: anUploadRequest({ enrich: false }) }));
  });
  let tick = 0;
  let readings = 0;
  const readAt = new Map<string, number>();
  let queue = [...rows.keys()].map((id) => ({ id, atTick: 0 }));
  const busy = new Set<Promise<void>>();
  const until: { tick: number; go: () => void }[] = [];
  const work = async (id: string): Promise<void> => {
    const { deps, world } = fakeDeps({ row: rows.get(id) });
    readings += 1;
    const ingest: typeof deps.ingest = async (...args) => {
      await new Promise<void>((go) => until.push({ tick: tick + 10, go }));
      return deps.ingest(...args);
    };
    const sendLater = async (_: string, seconds: number) => {
      queue.push({ id, atTick: tick + seconds });
    };
    const newId = () => `reader-${readings}`;
    await createHandler({
      ...deps,
      ingest,
      readingSlots: slots,
      newId,
      random: () => draws.next(),
      queue: { ...deps.queue, sendLater },
    })(event(id), CONTEXT);
    if (world.row) rows.set(id, world.row);
    if (world.row?.state === "ready") readAt.set(id, tick);
  };
  while (readAt.size < rows.size && tick < 5_000) {
    while (busy.size < 4) {
      const next = queue.find(({ atTick }) => atTick <= tick);
      if (!next) break;
      queue = queue.filter((one) => one !== next);
      const done: Promise<void> = work(next.id).finally(() => busy.delete(done));
      busy.add(done);
      await new Promise((resolve) => setImmediate(resolve));
    }
    tick += 1;
    for (const { go } of until.filter((one) => one.tick === tick)) go();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { ids: [...rows.keys()], readAt };
};

it("a user's one file is read at once behind a hundred of somebody else's, all of which are read in the end", async () => {
  const owners = [...Array.from({ length: 100 }, () => "ann"), "bob"];
  const measure = async (most: number) => {
    const { ids, readAt } = await serve(most, owners);
    expect(readAt.size).toBe(101);
    const last = (who: string) => Math.max(...ids.flatMap((id, n) => (owners[n] === who ? (readAt.get(id) ?? 0) : [])));
    return { bob: last("bob"), ann: last("ann") };
  };
  const [withSlots, inOrder] = [await measure(2), await measure(4)];
  console.info(`ticks with two slots a user ${JSON.stringify(withSlots)}, as they come ${JSON.stringify(inOrder)}`);
  expect(withSlots.bob).toBeLessThan(30);
  expect(withSlots.ann).toBeLessThan(650);
  expect(inOrder.bob).toBeGreaterThan(200);
});
