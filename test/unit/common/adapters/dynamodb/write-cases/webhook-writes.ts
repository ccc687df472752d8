import { WebhookDeliveries } from "../../../../../../lambdas/common/adapters/dynamodb/webhooks/webhook-deliveries.ts";
import { WebhookEndpoints } from "../../../../../../lambdas/common/adapters/dynamodb/webhooks/webhook-endpoints.ts";
import {
  deliveriesOf,
  endpointsKey,
  windowKey,
} from "../../../../../../lambdas/common/adapters/dynamodb/webhooks/webhook-keys.ts";
import { WebhookTurns } from "../../../../../../lambdas/common/adapters/dynamodb/webhooks/webhook-turns.ts";
import { WebhookWindows } from "../../../../../../lambdas/common/adapters/dynamodb/webhooks/webhook-windows.ts";
import { isoTime } from "../../../../../../lambdas/common/core/clock.ts";
import { type Delivery, newDelivery } from "../../../../../../lambdas/common/core/webhooks/delivery.ts";
import { newEndpoint } from "../../../../../../lambdas/common/core/webhooks/endpoint.ts";
import { NOON } from "../../../../../helpers/rows.ts";
import type { WriteCases } from "./write-case.ts";

const webhook_id = "whk_0000000000000001";
const WINDOW = isoTime(NOON);
const delivery = newDelivery(
  {
    ...{ webhook_id, delivery_id: `msg_${"0".repeat(26)}`, user_id: "u1", event: "catalog.completed" },
    body: "{}",
  },
  NOON,
);
const rowOf = (changes: object = {}, one: Delivery = delivery) => ({
  ...{ webhook_key: deliveriesOf(webhook_id), entry_key: one.delivery_id, due_shard: "0" },
  ...one,
  ...changes,
});
const asked = { webhook_id, url: "https://r.example.com/", events: ["product.updated" as const] };
const endpoint = newEndpoint(asked, "sealed", NOON);
const held = { attempts: 1, held_by: "w1", held_until_ms: NOON + 90_000 };
const settled = { state: "failed", attempts: 3, finished_at: isoTime(NOON), due_at: undefined, due_shard: undefined };
const openWindow = { ...windowKey(WINDOW), keys: new Set(["www.amazon.com#B000000001"]) };

/** Writes of endpoints, of their deliveries and of what is to be told of. */
export const WEBHOOK_WRITES: WriteCases = {
  "webhooks/webhook-endpoints.ts": {
    "change, the first": { write: (c) => new WebhookEndpoints(c, "webhooks").change("u1", () => [endpoint]) },
    "change, further ones": {
      seeds: { webhooks: [{ ...endpointsKey("u1"), user_id: "u1", version: 3, endpoints: [endpoint] }] },
      write: (c) => new WebhookEndpoints(c, "webhooks").change("u1", () => []),
    },
  },
  "webhooks/webhook-deliveries.ts": {
    create: { write: (c) => new WebhookDeliveries(c, "webhooks").create(delivery) },
    begin: {
      seeds: { webhooks: [rowOf()] },
      write: (c) => new WebhookDeliveries(c, "webhooks").begin(delivery, 0, "w1", NOON),
    },
    "settle, with attempts left": {
      seeds: { webhooks: [rowOf(held)] },
      write: (c) =>
        new WebhookDeliveries(c, "webhooks").settle(delivery, "w1", {
          ...{ state: "pending", log: [], finished_at: null, due_at: isoTime(NOON + 5_000) },
        }),
    },
    "settle, for good": {
      seeds: { webhooks: [rowOf(held)] },
      write: (c) =>
        new WebhookDeliveries(c, "webhooks").settle(delivery, "w1", {
          ...{ state: "delivered", log: [], finished_at: isoTime(NOON) },
        }),
    },
    "postpone, whenever it is due": {
      seeds: { webhooks: [rowOf()] },
      write: (c) => new WebhookDeliveries(c, "webhooks").postpone(delivery, 0, { dueMs: NOON + 9_000, nowMs: NOON }),
    },
    "postpone, as it was seen": {
      seeds: { webhooks: [rowOf()] },
      write: (c) =>
        new WebhookDeliveries(c, "webhooks").postpone(delivery, 0, {
          ...{ dueMs: NOON + 900_000, nowMs: NOON },
          seen: delivery.due_at ?? "",
        }),
    },
    reopen: {
      seeds: { webhooks: [rowOf(settled)] },
      write: (c) => new WebhookDeliveries(c, "webhooks").reopen({ ...delivery, attempts: 3, state: "failed" }, NOON),
    },
  },
  "webhooks/webhook-turns.ts": {
    take: { write: (c) => new WebhookTurns(c, "webhooks").take(webhook_id, "probe", 12_000, NOON) },
  },
  "webhooks/webhook-windows.ts": {
    add: { write: (c) => new WebhookWindows(c, "webhooks").add(WINDOW, ["www.amazon.com#B000000002"], NOON) },
    close: { seeds: { webhooks: [openWindow] }, write: (c) => new WebhookWindows(c, "webhooks").close(WINDOW, NOON) },
    noteAnnounced: {
      seeds: { webhooks: [openWindow] },
      write: (c) => new WebhookWindows(c, "webhooks").noteAnnounced(WINDOW),
    },
    openGroup: { write: (c) => new WebhookWindows(c, "webhooks").openGroup("enrich_cat_1_1", "NOT_FOUND", NOON) },
  },
};
