import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, expect, it } from "vitest";
import { TransientError } from "../../../lambdas/common/core/errors.ts";
import { windowOf } from "../../../lambdas/common/core/webhooks/product-window.ts";
import { tellWindow } from "../../../lambdas/deliver-webhooks/tell-window.ts";
import { NOON } from "../../helpers/rows.ts";
import { WebhookWorld } from "../../helpers/worlds/webhook-world.ts";

const WINDOW = windowOf(NOON);
const USERS = ["u1", "u2", "u3"];

let world: WebhookWorld;
beforeEach(async () => {
  world = new WebhookWorld();
  for (const user of USERS) await world.endpoint({ events: ["product.updated"] }, user);
  await world.products(NOON, "www.amazon.com#B000000001");
});

const informedUsers = (): unknown[] =>
  world.dynamo
    .items("webhooks")
    .flatMap(({ delivery_id, user_id }) => (delivery_id ? [user_id] : []))
    .toSorted();

const isAnnounced = (): boolean =>
  world.dynamo
    .items("webhooks")
    .some(({ webhook_key, announced }) => webhook_key === `products#${WINDOW}` && announced);

it("tells the others when one subscriber fails, and tells that one with the next delivery of the message", async () => {
  const { endpoints } = world.deps;
  let isAway = true;
  const deps = {
    ...world.deps,
    endpoints: {
      change: endpoints.change.bind(endpoints),
      subscribers: endpoints.subscribers.bind(endpoints),
      list: async (userId: string) => {
        if (isAway && userId === "u1") throw new TransientError("throttled");
        return endpoints.list(userId);
      },
    },
  };
  await expect(tellWindow(deps, WINDOW)).rejects.toThrow("throttled");
  expect([informedUsers(), isAnnounced()]).toEqual([["u2", "u3"], false]);
  isAway = false;
  await tellWindow(deps, WINDOW);
  expect([informedUsers(), isAnnounced()]).toEqual([USERS, true]);
});

it("passes a subscriber over whose row cannot be read, and has told the window", async () => {
  await world.dynamo.client().send(
    new UpdateCommand({
      TableName: "webhooks",
      Key: { webhook_key: "user#u1", entry_key: "endpoints" },
      UpdateExpression: "SET version = :text",
      ExpressionAttributeValues: { ":text": "new" },
    }),
  );
  await tellWindow(world.deps, WINDOW);
  expect([informedUsers(), isAnnounced()]).toEqual([["u2", "u3"], true]);
  expect(world.logged.join()).toContain("a row that cannot be read is passed over");
});
