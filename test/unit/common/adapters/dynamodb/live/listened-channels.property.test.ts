import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { expect, it } from "vitest";
import { ListenedChannels } from "../../../../../../lambdas/common/adapters/dynamodb/live/listened-channels.ts";
import { sellerChannel } from "../../../../../../lambdas/common/core/live/channels.ts";
import { CONNECTION_SECONDS } from "../../../../../../lambdas/common/core/live/live-limits.ts";
import { MemoryDynamo } from "../../../../../helpers/memory/memory-dynamo.ts";
import { NOON } from "../../../../../helpers/rows.ts";
import { testRuns } from "../../../../../helpers/test-runs.ts";
import { testSeed } from "../../../../../helpers/test-seed.ts";

const SEED = testSeed("channels that are listened to");
const TABLE = "live";
const INSTANCES = 3;
const channels = ["anna", "ben"].map(sellerChannel);

const newTable = () => new MemoryDynamo({ [TABLE]: { keys: ["channel", "connection_id"] } });
const step = fc.record({
  waitSeconds: fc.nat(CONNECTION_SECONDS),
  instance: fc.nat(INSTANCES - 1),
  channel: fc.nat(channels.length - 1),
  /** How long the connection is open already. */
  openSeconds: fc.nat(CONNECTION_SECONDS - 1),
});

it("a listener is never overlooked, whichever instance noted it, and when its connection ends", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const dynamo = newTable();
      const instances = Array.from({ length: INSTANCES }, () => new ListenedChannels(dynamo.client(), TABLE));
      const reader = new ListenedChannels(dynamo.client(), TABLE);
      const listeners: { readonly channel: (typeof channels)[number]; readonly end: number }[] = [];
      let now = Math.floor(NOON / 1_000);
      for (const { waitSeconds, instance, channel: index, openSeconds } of steps) {
        now += waitSeconds;
        // DynamoDB removes what has ended.
        for (const { channel, connection_id, expires_at } of dynamo.items(TABLE)) {
          if (Number(expires_at) > now) continue;
          await dynamo.client().send(new DeleteCommand({ TableName: TABLE, Key: { channel, connection_id } }));
        }
        const channel = channels[index] ?? sellerChannel("anna");
        const end = now + CONNECTION_SECONDS - openSeconds;
        await instances[instance]?.note(channel, end);
        listeners.push({ channel, end });
        const listened = await reader.among(channels, now * 1_000);
        for (const one of listeners) if (one.end > now) expect(listened).toContain(one.channel);
      }
    }),
    { numRuns: testRuns(200), seed: SEED },
  );
});

it("a channel costs its instance a write in two hours, and none while nobody comes", async () => {
  let calls = 0;
  const dynamo = new MemoryDynamo({ [TABLE]: { keys: ["channel", "connection_id"] } }, async () => {
    calls += 1;
  });
  const listened = new ListenedChannels(dynamo.client(), TABLE);
  const now = NOON / 1_000;
  for (let n = 0; n <= CONNECTION_SECONDS; n += 60) {
    await listened.note(sellerChannel("anna"), now + n + CONNECTION_SECONDS);
  }
  expect(calls).toBe(1);
  await listened.note(sellerChannel("anna"), now + 2 * CONNECTION_SECONDS + 1);
  expect(calls).toBe(2);
  expect(await listened.among([], NOON)).toEqual(new Set());
  expect(calls).toBe(2);
});
