import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import { OrphanedRows } from "../../../lambdas/common/adapters/dynamodb/enrichment-status/orphaned-rows.ts";
import { aBatch, aRun } from "../../helpers/rows.ts";
import { LifecycleWorld } from "../../helpers/worlds/lifecycle/lifecycle-world.ts";

const DAY_MS = 86_400_000;
const BATCHES = 12;
/** More catalogs than one pass finds: five parts of three items at most. */
const ORPHANS = Array.from({ length: 20 }, (_, n) => `cat_0${n}`);

let world: LifecycleWorld;
let line: ReturnType<LifecycleWorld["process"]>;
const documents = () => world.dynamo.client(async () => {});
const put = (TableName: string, Item: object) => documents().send(new PutCommand({ TableName, Item }));

/** What a removal left that took the first page for all: a run, batches and failures of a catalog that has no row. */
const orphan = async (catalog_id: string): Promise<void> => {
  const tracking_id = `enrich_${catalog_id}_1`;
  const { open_shard: _closed, ...run } = aRun({ catalog_id, batch_id: tracking_id, state: "completed" });
  await put("status", run);
  for (let n = 1; n <= BATCHES; n += 1) {
    const id = `${tracking_id}#${String(n).padStart(7, "0")}`;
    const { due_shard: _shard, due_at: _at, ...row } = aBatch({ catalog_id, tracking_id, batch_id: id, number: n });
    await put("status", row);
    await put("failures", { tracking_id, product_key: `p${n}`, error_code: "NotFound" });
  }
};

const left = (catalogId: string) => world.dynamo.items("status").filter(({ catalog_id }) => catalog_id === catalogId);

/** Passes of `reconcile`, one a minute, until the sweep is over. @returns how many there were */
const sweep = async (): Promise<number> => {
  for (let passes = 1; passes < 500; passes += 1) {
    await line.reconcile();
    world.nowMs += 60_000;
    const { ended_at } = await new OrphanedRows(documents(), "status").readSweep();
    if (ended_at !== null) return passes;
  }
  throw new Error("the sweep does not end");
};

beforeEach(async () => {
  world = new LifecycleWorld();
  line = world.process();
  await world.open(30, 5);
  await line.dispatcher.topUp();
});

describe("rows whose catalog is gone", () => {
  it("are removed with their failures over several passes, and those of catalogs stay", async () => {
    const before = left("cat_1");
    for (const id of ORPHANS) await orphan(id);
    expect(await sweep()).toBeGreaterThan(1);
    expect(ORPHANS.flatMap(left)).toEqual([]);
    expect(world.dynamo.items("failures")).toEqual([]);
    expect(left("cat_1").length).toBe(before.length);
  });

  it("of a catalog that is deleted and not removed yet are left to its removal", async () => {
    await line.deleted.markDeleted("cat_1", "user-1", new Date(world.nowMs).toISOString());
    const rows = new OrphanedRows(documents(), "status");
    let after: Awaited<ReturnType<typeof rows.readSome>>["next"] = null;
    do {
      const part = await rows.readSome(after);
      expect(part.orphans).toEqual([]);
      after = part.next;
    } while (after !== null);
  });

  it("are looked for again a month after the sweep ended, and until then cost one read a pass", async () => {
    await sweep();
    await orphan("cat_9");
    world.nowMs += 29 * DAY_MS;
    await line.reconcile();
    expect(left("cat_9")).not.toEqual([]);
    world.nowMs += DAY_MS;
    await sweep();
    expect(left("cat_9")).toEqual([]);
  });
});
