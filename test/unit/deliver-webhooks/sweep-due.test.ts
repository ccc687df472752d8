import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, expect, it } from "vitest";
import { WebhookDeliveries } from "../../../lambdas/common/adapters/dynamodb/webhooks/webhook-deliveries.ts";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import { HOUR_MS } from "../../../lambdas/common/core/durations.ts";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import type { Endpoint } from "../../../lambdas/common/core/webhooks/endpoint.ts";
import { sweepDue } from "../../../lambdas/deliver-webhooks/sweep-due.ts";
import { faultyDynamo } from "../../helpers/memory/faulty-dynamo.ts";
import { aRun, NOON } from "../../helpers/rows.ts";
import { WebhookWorld } from "../../helpers/worlds/webhook-world.ts";

const RUNS = 12;

let world: WebhookWorld;
let endpoint: Endpoint;
/** Ids of the deliveries whose message was lost, by their shard. */
let lost: string[];

beforeEach(async () => {
  world = new WebhookWorld();
  endpoint = await world.endpoint();
  world.loses = () => true;
  for (let n = 0; n < RUNS; n += 1) {
    await world.runs(aRun({ state: "completed", finished_at: isoTime(NOON + n), owner_id: "u1" }));
  }
  world.loses = () => false;
  world.nowMs += HOUR_MS;
  const rows = world.dynamo.items("webhooks").filter(({ delivery_id }) => delivery_id);
  expect(new Set(rows.map(({ due_shard }) => due_shard)).size).toBeGreaterThan(1);
  lost = rows
    .toSorted((a, b) => String(a.due_shard).localeCompare(String(b.due_shard)))
    .map(({ delivery_id }) => String(delivery_id));
});

const sent = (): string[] =>
  world.waiting.flatMap(({ message }) => ("delivery_id" in message ? message.delivery_id : []));

const spoil = async (deliveryId: string, field: "attempts" | "due_at"): Promise<void> => {
  await world.dynamo.client().send(
    new UpdateCommand({
      TableName: "webhooks",
      Key: { webhook_key: `endpoint#${endpoint.webhook_id}`, entry_key: deliveryId },
      UpdateExpression: `SET ${field} = :text`,
      ExpressionAttributeValues: { ":text": "0" },
    }),
  );
};

it.each(["attempts", "due_at"] as const)(
  "passes a delivery over whose %s cannot be read, and sends all others",
  async (field) => {
    const [unreadable = "", ...others] = lost;
    await spoil(unreadable, field);
    await world.schedule();
    expect(sent().toSorted()).toEqual(others.toSorted());
    expect(world.logged.filter((line) => line.includes("a row that cannot be read is passed over"))).toEqual([
      expect.stringContaining(unreadable),
    ]);
  },
);

it("sends all others when one delivery or one shard fails, and then fails with the first failure", async () => {
  const [failing = "", ...others] = lost;
  const { deliveries } = world.deps;
  const troubled = {
    ...world.deps,
    deliveries: {
      create: deliveries.create.bind(deliveries),
      begin: deliveries.begin.bind(deliveries),
      settle: deliveries.settle.bind(deliveries),
      postpone: deliveries.postpone.bind(deliveries),
      due: async (shard: number, nowMs: number, limit: number) => {
        if (shard === 3) throw new TransientError("a later failure");
        return deliveries.due(shard, nowMs, limit);
      },
      get: async (key: { webhook_id: string; delivery_id: string }, nowMs: number) => {
        if (key.delivery_id === failing) throw new TransientError("the first failure");
        return deliveries.get(key, nowMs);
      },
    },
  };
  const rows = world.dynamo.items("webhooks");
  const inShard3 = others.filter((id) => rows.some((row) => row.delivery_id === id && row.due_shard === "3"));
  await expect(sweepDue(troubled)).rejects.toThrow("the first failure");
  expect(sent().toSorted()).toEqual(others.filter((id) => !inShard3.includes(id)).toSorted());
});

it("sends each delivery once although each answer of the table is lost once", async () => {
  const deliveries = new WebhookDeliveries(
    faultyDynamo(world.dynamo.client(), () => "repeated"),
    "webhooks",
  );
  await sweepDue({ ...world.deps, deliveries });
  expect(sent().toSorted()).toEqual(lost.toSorted());
});

it("counts the calls of the schedule, those that fail too, and no other call", async () => {
  world.deps.deliveries.due = async () => {
    throw new TransientError("throttled");
  };
  world.counted.length = 0;
  await expect(world.schedule()).rejects.toThrow("throttled");
  expect(world.counted).toEqual(["ScheduledCalls"]);
  await world.products(NOON, "www.amazon.com#B000000001");
  await world.deliver([{ version: 1, kind: "products", window: isoTime(NOON) }]);
  expect(world.counted).toEqual(["ScheduledCalls"]);
});
