import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { expect, it } from "vitest";
import { ListenedChannels } from "../../../../../../lambdas/common/adapters/dynamodb/live/listened-channels.ts";
import { LiveCensus } from "../../../../../../lambdas/common/adapters/dynamodb/live/live-census.ts";
import { LiveConnections } from "../../../../../../lambdas/common/adapters/dynamodb/live/live-connections.ts";
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

const step = fc.record({
  waitSeconds: fc.oneof(fc.nat(120), fc.nat(CONNECTION_SECONDS)),
  instance: fc.nat(INSTANCES - 1),
  channel: fc.nat(channels.length - 1),
  /** How long the connection is open already. */
  openSeconds: fc.nat(CONNECTION_SECONDS - 1),
  /** Whether an earlier version lets it listen, which writes its row alone. */
  isOfOld: fc.boolean(),
  isCounted: fc.boolean(),
});

it("a listener is never overlooked, whichever instance or version noted it, and when its connection ends", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.nat(10), async (steps, upgrade) => {
      const dynamo = new MemoryDynamo({ [TABLE]: { keys: ["channel", "connection_id"] } });
      const instances = Array.from({ length: INSTANCES }, () => new LiveConnections(dynamo.client(), TABLE));
      const reader = new ListenedChannels(dynamo.client(), TABLE);
      const listeners: { readonly channel: (typeof channels)[number]; readonly end: number }[] = [];
      let now = Math.floor(NOON / 1_000);
      for (const [
        place,
        { waitSeconds, instance, channel: index, openSeconds, isOfOld, isCounted },
      ] of steps.entries()) {
        now += waitSeconds;
        // DynamoDB removes what has ended.
        for (const { channel, connection_id, expires_at } of dynamo.items(TABLE)) {
          if (Number(expires_at ?? Number.POSITIVE_INFINITY) > now) continue;
          await dynamo.client().send(new DeleteCommand({ TableName: TABLE, Key: { channel, connection_id } }));
        }
        const channel = channels[index] ?? sellerChannel("anna");
        const end = now + CONNECTION_SECONDS - openSeconds;
        const connection = {
          connectionId: `c${place}`,
          userId: undefined,
          isGreeted: true,
          channels: [],
          expiresAt: end,
        };
        const Item = { channel, connection_id: `c${place}`, expires_at: end };
        if (isOfOld && place < upgrade) await dynamo.client().send(new PutCommand({ TableName: TABLE, Item }));
        else await instances[instance]?.listen(connection, channel);
        listeners.push({ channel, end });
        if (isCounted && place >= upgrade) {
          const { listened } = await new LiveCensus(dynamo.client(), TABLE).count(now * 1_000);
          await new ListenedChannels(dynamo.client(), TABLE).vouch(listened, now * 1_000);
        }
        const listened = await reader.among(channels, now * 1_000);
        for (const one of listeners) if (one.end > now) expect(listened).toContain(one.channel);
      }
    }),
    { numRuns: testRuns(200), seed: SEED },
  );
});
