import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import { RunSwitch } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/run-switch.ts";
import type { RunRow } from "../../../../../../lambdas/common/core/runs/run-row.ts";
import type { RunState } from "../../../../../../lambdas/common/core/runs/run-states.ts";
import { MemoryDynamo } from "../../../../../helpers/memory/memory-dynamo.ts";
import { aRun, NOON } from "../../../../../helpers/rows.ts";

const now = new Date(NOON).toISOString();
let tables: MemoryDynamo;
/** Loses the first answer to every write and sends it again, as the SDK does after a time-out. */
let forgetful: DynamoDBDocumentClient;

beforeEach(() => {
  tables = new MemoryDynamo({ status: { keys: ["catalog_id", "batch_id"] } });
  const client = tables.client();
  forgetful = {
    send: async (command: Parameters<typeof client.send>[0]) => {
      await client.send(command).catch(() => {});
      return client.send(command);
    },
  } as unknown as DynamoDBDocumentClient;
});

const put = async (state: RunState, overrides: Partial<RunRow> = {}) => {
  const run = aRun({ state, ...overrides });
  await tables.client().send(new PutCommand({ TableName: "status", Item: run }));
  return run;
};

describe("a switch whose first answer is lost", () => {
  it.each([
    ["pause", "running", "paused"],
    ["resume", "paused", "queued"],
    ["cancel", "running", "cancelled"],
  ] as const)("has switched the run once all the same: %s", async (action, from, to) => {
    const run = await put(from);
    const switched = await new RunSwitch(forgetful, "status")[action](run, now, "request-1");
    expect(switched).toMatchObject({ state: to, sequence: run.sequence + 1, turned_by: "request-1" });
    expect(tables.items("status")).toMatchObject([{ state: to, sequence: run.sequence + 1 }]);
  });

  it("knows a run that counted on meanwhile", async () => {
    const run = await put("running");
    const client = tables.client();
    const busy = {
      send: async (command: Parameters<typeof client.send>[0]) => {
        await client.send(command).catch(() => {});
        for (const item of tables.items("status")) Object.assign(item, { enriched: 1, pending: 2 });
        return client.send(command);
      },
    } as unknown as DynamoDBDocumentClient;
    expect(await new RunSwitch(busy, "status").pause(run, now, "request-1")).toMatchObject({
      state: "paused",
      enriched: 1,
    });
  });

  it("is not taken for somebody else's that was faster", async () => {
    const run = await put("running");
    const runs = new RunSwitch(tables.client(), "status");
    expect(await runs.pause(run, now, "request-1")).toBeDefined();
    expect(await runs.pause(run, now, "request-2")).toBeUndefined();
    expect(await new RunSwitch(forgetful, "status").pause(run, now, "request-3")).toBeUndefined();
    expect(tables.items("status")).toMatchObject([{ turned_by: "request-1" }]);
  });
});

describe("what a run waits for", () => {
  const reason = (source: "keepa" | "sp-api", ms: number | null) => ({
    ...{ source, code: "daily-quota", action: "Wait." },
    retry_at: ms === null ? null : new Date(NOON + ms).toISOString(),
  });
  const ahead = reason("keepa", 3_600_000);
  const switchBy = (action: "pause" | "resume" | "cancel", run: RunRow) =>
    new RunSwitch(tables.client(), "status")[action](run, now, "request-1");

  it("outlasts a pause", async () => {
    const parked = { started_at: now, parked: 3, blocked_by: [ahead] };
    const paused = await switchBy("pause", await put("waiting_for_source", parked));
    expect(paused).toMatchObject({ state: "paused", blocked_by: [ahead] });
    const resumed = await switchBy("resume", paused ?? aRun());
    expect(resumed).toMatchObject({ state: "waiting_for_source", blocked_by: [ahead] });
  });

  it("is kept on a resumed run that has more to do, and dropped when its time has passed", async () => {
    const blocked_by = [ahead, reason("sp-api", 0)];
    const some = await put("paused", { started_at: now, parked: 2, blocked_by });
    expect(await switchBy("resume", some)).toMatchObject({ state: "running", blocked_by: [ahead] });
    const passed = await put("paused", { started_at: now, parked: 3, blocked_by: [reason("keepa", -1)] });
    expect(await switchBy("resume", passed)).toMatchObject({ state: "running", blocked_by: [] });
  });

  it("ends when the run is cancelled", async () => {
    const waiting = await put("waiting_for_source", { parked: 3, blocked_by: [ahead] });
    expect(await switchBy("cancel", waiting)).toMatchObject({ state: "cancelled", blocked_by: [] });
  });
});
