import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchGetCommand, DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { ListenedChannels } from "../../../../../../lambdas/common/adapters/dynamodb/live/listened-channels.ts";
import { LiveCensus } from "../../../../../../lambdas/common/adapters/dynamodb/live/live-census.ts";
import { LiveConnections } from "../../../../../../lambdas/common/adapters/dynamodb/live/live-connections.ts";
import { sellerChannel } from "../../../../../../lambdas/common/core/live/channels.ts";
import { CONNECTION_SECONDS } from "../../../../../../lambdas/common/core/live/live-limits.ts";
import { MemoryDynamo } from "../../../../../helpers/memory/memory-dynamo.ts";
import { NOON } from "../../../../../helpers/rows.ts";

const TABLE = "live";
const NOW = NOON / 1_000;
const ANNA = sellerChannel("anna");
const BEN = sellerChannel("ben");
const NOTHING_MISSED = { unnoted: new Map(), vouchedFrom: undefined };

/** Some instances of one table, and the commands that they send; `fault` fails the next one. */
const newTable = () => {
  const table = { calls: 0, fault: undefined as Error | undefined };
  const dynamo = new MemoryDynamo({ [TABLE]: { keys: ["channel", "connection_id"] } }, async () => {
    table.calls += 1;
    const { fault } = table;
    table.fault = undefined;
    if (fault) throw fault;
  });
  return Object.assign(table, {
    instance: () => new ListenedChannels(dynamo.client(), TABLE),
    connections: () => new LiveConnections(dynamo.client(), TABLE),
    census: () => new LiveCensus(dynamo.client(), TABLE),
    rows: () => dynamo.items(TABLE).filter(({ connection_id }) => connection_id === "listened"),
  });
};

describe("a channel that is listened to", () => {
  it("costs its instance a write in two hours", async () => {
    const table = newTable();
    const listened = table.instance();
    for (let n = 0; n <= CONNECTION_SECONDS; n += 60) await listened.note(ANNA, NOW + n + CONNECTION_SECONDS);
    expect(table.calls).toBe(1);
    await listened.note(ANNA, NOW + 2 * CONNECTION_SECONDS + 1);
    expect(table.calls).toBe(2);
  });

  it("stays noted as long as the longest note says, whichever instance wrote last", async () => {
    const table = newTable();
    const [one, other] = [table.instance(), table.instance()];
    await one.note(ANNA, NOW + CONNECTION_SECONDS);
    await other.note(ANNA, NOW + 60);
    // It need not write again.
    await one.note(ANNA, NOW + 2 * CONNECTION_SECONDS);
    const late = (NOW + CONNECTION_SECONDS + 61) * 1_000;
    await other.vouch(NOTHING_MISSED, late);
    expect(await other.among([ANNA, BEN], late)).toEqual(new Set([ANNA]));
  });

  it("is written by the next one after a write that failed", async () => {
    const table = newTable();
    const listened = table.instance();
    table.fault = new Error("away");
    await expect(listened.note(ANNA, NOW + 60)).rejects.toThrow("away");
    await listened.note(ANNA, NOW + 60);
    expect(table.rows()).toHaveLength(1);
  });

  it("is read as of now", async () => {
    const client = mockClient(DynamoDBDocumentClient);
    client.on(BatchGetCommand).resolves({ Responses: { [TABLE]: [] } });
    await new ListenedChannels(DynamoDBDocumentClient.from(new DynamoDBClient({})), TABLE).among([ANNA], NOON);
    const [read] = client.commandCalls(BatchGetCommand);
    expect(read?.args[0].input.RequestItems?.[TABLE]?.ConsistentRead).toBe(true);
    client.restore();
  });
});

it("names of channels that nobody else uses take a bounded number of rows", async () => {
  const table = newTable();
  const listened = table.instance();
  for (let n = 0; n < 2_000; n += 1) await listened.note(sellerChannel(`seller${n}`), NOW + 60);
  const numbers = table.rows().map(({ channel }) => Number(String(channel).replace("listened#", "")));
  expect(numbers.every((number) => Number.isInteger(number) && number >= 0 && number < 16_384)).toBe(true);
  // Some share a row.
  expect(numbers.length).toBeLessThan(2_000);
  await listened.vouch(NOTHING_MISSED, NOON);
  const all = Array.from({ length: 2_000 }, (_, n) => sellerChannel(`seller${n}`));
  expect(await listened.among(all, NOON)).toEqual(new Set(all));
});

describe("without the census's word every channel counts as listened to", () => {
  it("before its first, and from ten minutes after its last", async () => {
    const listened = newTable().instance();
    expect(await listened.among([ANNA], NOON)).toEqual(new Set([ANNA]));
    await listened.vouch(NOTHING_MISSED, NOON);
    expect(await listened.among([ANNA], NOON + 599_000)).toEqual(new Set());
    expect(await listened.among([ANNA], NOON + 600_000)).toEqual(new Set([ANNA]));
  });

  it("for two minutes after it found a listener without a row, which it writes", async () => {
    const table = newTable();
    const [connections, rows] = [table.connections(), table.instance()];
    await connections.listen(
      { connectionId: "c1", userId: undefined, isGreeted: true, channels: [], expiresAt: NOW + CONNECTION_SECONDS },
      ANNA,
    );
    const { listened } = await table.census().count(NOON);
    expect(listened.unnoted.size).toBe(0);
    await rows.vouch({ unnoted: new Map([[BEN, NOW + 3_600]]), vouchedFrom: NOW - 60 }, NOON);
    expect(await rows.among([ANNA, BEN, sellerChannel("carl")], NOON + 119_000)).toHaveProperty("size", 3);
    // The next census confirms it, and does not begin anew.
    const next = await table.census().count(NOON + 60_000);
    expect(next.listened).toMatchObject({ unnoted: new Map(), vouchedFrom: NOW + 120 });
    await rows.vouch(next.listened, NOON + 60_000);
    expect(await rows.among([ANNA, BEN, sellerChannel("carl")], NOON + 120_000)).toEqual(new Set([ANNA, BEN]));
  });

  it("but not when the row was written while the census read on", async () => {
    const listened = newTable().instance();
    await listened.note(ANNA, NOW + 60);
    await listened.vouch({ unnoted: new Map([[ANNA, NOW + 60]]), vouchedFrom: NOW - 60 }, NOON);
    expect(await listened.among([ANNA, BEN], NOON)).toEqual(new Set([ANNA]));
  });
});
