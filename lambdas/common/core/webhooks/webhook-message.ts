import * as z from "zod";
import { DeliveredEventSchema, DeliveryIdSchema } from "./delivery.ts";
import { WebhookIdSchema } from "./endpoint.ts";
import { RunNewsSchema } from "./run-events.ts";

/**
 * Message of the `webhooks` queue. `attempt` points to a delivery and says how many attempts had been begun when it was sent;
 * `products` to a window of products. The row decides. `run` has what a run was when the stream of runs told of it.
 */
export const WebhookMessageSchema = z.discriminatedUnion("kind", [
  z.object({
    version: z.literal(1),
    kind: z.literal("attempt"),
    user_id: z.string().min(1),
    webhook_id: WebhookIdSchema,
    delivery_id: DeliveryIdSchema,
    event: DeliveredEventSchema,
    attempts: z.number().int().min(0),
    /** Whether a person sent it, who waits for what comes of it. */
    by_hand: z.literal(true).optional(),
  }),
  z.object({ version: z.literal(1), kind: z.literal("products"), window: z.iso.datetime() }),
  z.object({ version: z.literal(1), kind: z.literal("run"), run: RunNewsSchema }),
]);
export type WebhookMessage = z.infer<typeof WebhookMessageSchema>;
export type AttemptMessage = Extract<WebhookMessage, { kind: "attempt" }>;
