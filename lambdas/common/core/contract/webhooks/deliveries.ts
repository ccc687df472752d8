import * as z from "zod";
import {
  AttemptErrorSchema,
  DeliveredEventSchema,
  type Delivery,
  DeliveryIdSchema,
  DeliveryStateSchema,
} from "../../webhooks/delivery.ts";

const WebhookAttemptSchema = z
  .object({
    attempt: z.number().int().describe("Counted from 1."),
    at: z.iso.datetime().describe("When it began."),
    duration_ms: z.number().int().describe("How long it took, milliseconds; 10,000 at most."),
    status: z.number().int().nullable().describe("HTTP status of the answer; null: there was none."),
    error: AttemptErrorSchema.nullable().describe(
      "Why there was no answer: `timeout`, `dns` (no address), `address_refused` (not on the public internet), `tls`, `connection`, `secret_unreadable` (nothing was sent: make a new secret); null: there was one.",
    ),
  })
  .meta({ id: "WebhookAttempt" });

const WebhookPayloadSchema = z
  .object({
    type: DeliveredEventSchema.describe("What happened."),
    timestamp: z.iso.datetime().describe("When."),
    data: z.looseObject({}).describe("Which things it is about; docs/webhooks.md lists them by type."),
  })
  .meta({ id: "WebhookPayload" });

/** A delivery as it is given out. */
export const WebhookDeliverySchema = z
  .object({
    delivery_id: DeliveryIdSchema.describe("The `webhook-id` header of every attempt."),
    event: DeliveredEventSchema.describe("What happened."),
    state: DeliveryStateSchema.describe(
      "`pending`: attempts are left. `delivered`: the endpoint answered 2xx. `failed`: no attempt is left, or it answered 410. `dropped`: the endpoint was off or gone.",
    ),
    attempts: z.number().int().min(0).describe("Attempts that were begun."),
    log: z.array(WebhookAttemptSchema).describe("The last 20 attempts, oldest first."),
    payload: WebhookPayloadSchema.describe("What is sent."),
    created_at: z.iso.datetime().describe("When it was made. It is kept for 30 days."),
    finished_at: z.iso.datetime().nullable().describe("When it was settled; null: it is pending."),
  })
  .meta({ id: "WebhookDelivery" });
export type WebhookDelivery = z.infer<typeof WebhookDeliverySchema>;

/** A delivery without what only the work on it needs. */
export const deliveryView = (delivery: Delivery): WebhookDelivery => {
  const { delivery_id, event, state, attempts, log, body, created_at, finished_at } = delivery;
  return {
    ...{ delivery_id, event, state, attempts, log },
    payload: WebhookPayloadSchema.parse(JSON.parse(body)),
    ...{ created_at, finished_at },
  };
};
