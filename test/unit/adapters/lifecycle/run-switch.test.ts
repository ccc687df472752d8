import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import { RunSwitch } from "../../../../lambdas/adapters/lifecycle/run-switch.ts";
import type { RunState } from "../../../../lambdas/core/run-states.ts";
import { MemoryDynamo } from "../../../helpers/memory-dynamo.ts";
import { aRun, NOON } from "../../../helpers/rows.ts";

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

const put = async (state: RunState) => {
  const run = aRun({ state });
  await tables.client().send(new PutCommand({ TableName: "status", Item: run }));
  return run;
};

describe("a switch whose first answer is lost", () => {
  it.each([
    ["pause", "running", "paused"],
    ["resume", "paused", "queued"],
    ["cancel", "running", "cancelled"],
  ] as const)("has turned the run once all the same: %s", async (action, from, to) => {
    const run = await put(from);
    const turned = await new RunSwitch(forgetful, "status")[action](run, now, "order-1");
    expect(turned).toMatchObject({ state: to, sequence: run.sequence + 1, turned_by: "order-1" });
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
    expect(await new RunSwitch(busy, "status").pause(run, now, "order-1")).toMatchObject({
      state: "paused",
      enriched: 1,
    });
  });

  it("is not taken for somebody else's that was faster", async () => {
    const run = await put("running");
    const runs = new RunSwitch(tables.client(), "status");
    expect(await runs.pause(run, now, "order-1")).toBeDefined();
    expect(await runs.pause(run, now, "order-2")).toBeUndefined();
    expect(await new RunSwitch(forgetful, "status").pause(run, now, "order-3")).toBeUndefined();
    expect(tables.items("status")).toMatchObject([{ turned_by: "order-1" }]);
  });
});
