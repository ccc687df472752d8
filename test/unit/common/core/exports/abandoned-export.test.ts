import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { ExportStore } from "../../../../../lambdas/common/adapters/dynamodb/operations/export-store.ts";
import { type ExportJob, newExportJob } from "../../../../../lambdas/common/core/exports/export-job.ts";
import { MemoryDynamo } from "../../../../helpers/memory/memory-dynamo.ts";
import { NOON } from "../../../../helpers/rows.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const iso = (ms: number) => new Date(ms).toISOString();
const ID = "exp_0123456789abcdef";
const queued = newExportJob({
  export_id: ID,
  catalog_id: "cat_1",
  user_id: "ann",
  tracking_id: null,
  format: "csv",
  row_state: null,
  file_name: "a.csv",
  total_rows: 3,
  correlation_id: "corr-1",
  nowMs: NOON,
});

const storeWith = async (changes: Partial<ExportJob> = {}) => {
  const dynamo = new MemoryDynamo({ operations: { keys: ["operation_key"] } });
  await dynamo.client().send(new PutCommand({ TableName: "operations", Item: { ...queued, ...changes } }));
  return { store: new ExportStore(dynamo.client(), "operations"), dynamo };
};

/** As a worker leaves it that is killed in the middle, on its last or an earlier delivery. */
const killed = async (isLast: boolean) => {
  const world = await storeWith();
  const lease_until = iso(NOON + 65_000);
  await world.store.claim({ export_id: ID, owner: "dead", now: iso(NOON), lease_until, last_delivery: isLast });
  return world;
};

describe("an export whose worker was killed", () => {
  it("on the last delivery has failed for anyone who asks once the lease is over, in words that help, and stays so", async () => {
    const { store, dynamo } = await killed(true);
    expect(await store.get(ID, NOON + 65_000)).toMatchObject({ state: "running", failure: null });
    const failed = {
      state: "failed",
      failure: expect.stringMatching(/given up.*Ask for it again.*correlation id corr-1\.$/),
    };
    expect(await store.get(ID, NOON + 65_001)).toMatchObject(failed);
    expect(dynamo.items("operations")).toMatchObject([failed]);
    expect(dynamo.items("operations")[0]).not.toHaveProperty("lease_owner");
    expect(await store.get(ID, NOON + 48 * HOUR)).toMatchObject({ ...failed, updated_at: iso(NOON + 65_001) });
  });

  it("on an earlier delivery continues to run as long as its message can come again", async () => {
    const { store } = await killed(false);
    expect(await store.get(ID, NOON + 2 * HOUR)).toMatchObject({ state: "running" });
    expect(await store.get(ID, NOON + 3 * HOUR)).toMatchObject({ state: "failed" });
  });

  it("is taken up again when an operator sends its message once more", async () => {
    const { store } = await killed(true);
    await store.get(ID, NOON + HOUR);
    const claim = { owner: "new", now: iso(NOON + HOUR), lease_until: iso(NOON + 2 * HOUR), last_delivery: false };
    expect(await store.claim({ export_id: ID, ...claim })).toMatchObject({
      kind: "claimed",
      job: { state: "running", failure: null, last_delivery: false },
    });
  });
});

describe("an export that no worker holds", () => {
  it.each(["queued", "running"] as const)("and that is %s has failed after a day", async (state) => {
    const { store } = await storeWith({ state });
    expect(await store.get(ID, NOON + 24 * HOUR)).toMatchObject({ state });
    expect(await store.get(ID, NOON + 24 * HOUR + 1)).toMatchObject({ state: "failed" });
  });

  it("and that is ready stays ready", async () => {
    const { store } = await storeWith({ state: "ready" });
    expect(await store.get(ID, NOON + 29 * 24 * HOUR)).toMatchObject({ state: "ready" });
  });
});

it("an export that is taken up between the read and the giving up continues", async () => {
  let isTaken = false;
  const dynamo = new MemoryDynamo({ operations: { keys: ["operation_key"] } });
  const other = new ExportStore(dynamo.client(), "operations");
  await dynamo.client().send(new PutCommand({ TableName: "operations", Item: queued }));
  const lost = { export_id: ID, owner: "dead", now: iso(NOON), lease_until: iso(NOON + MINUTE), last_delivery: true };
  await other.claim(lost);
  const now = NOON + HOUR;
  let steps = 0;
  const gate = async () => {
    steps += 1;
    if (steps !== 2 || isTaken) return;
    isTaken = true;
    await other.claim({ ...lost, owner: "new", now: iso(now), lease_until: iso(now + MINUTE) });
  };
  const store = new ExportStore(dynamo.client(gate), "operations");
  expect(await store.get(ID, now)).toMatchObject({ state: "running", lease_owner: "new" });
  expect(isTaken).toBe(true);
});
