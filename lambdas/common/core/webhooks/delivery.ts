import * as z from "zod";
import { isoTime } from "../clock.ts";
import { secondsAfterDays } from "../durations.ts";
import { WEBHOOK_EVENTS, WebhookIdSchema } from "./endpoint.ts";

/** Days that a delivery is kept. */
export const DELIVERY_DAYS = 30;
/** Attempts that a delivery names, the last ones. */
export const MAX_LOGGED_ATTEMPTS = 20;
/** After so long a delivery is looked at again whose message was lost, milliseconds. */
export const MESSAGE_LOST_AFTER_MS = 2 * 60_000;

/** What is delivered: the events, and what a user sends to try an endpoint. */
export const DeliveredEventSchema = z.enum([...WEBHOOK_EVENTS, "webhook.test"]);
export type DeliveredEvent = z.infer<typeof DeliveredEventSchema>;

/** The `webhook-id` of a delivery: the later its event, the greater. */
export const DeliveryIdSchema = z
  .string()
  .regex(/^msg_[0-9a-hjkmnp-tv-z]{26}$/, "a delivery id is msg_ + 26 characters");

/** Why an attempt had no answer. `secret_unreadable`: nothing was sent, because there is no secret to sign it with. */
export const AttemptErrorSchema = z.enum([
  "timeout",
  "dns",
  "address_refused",
  "tls",
  "connection",
  "secret_unreadable",
]);
export type AttemptError = z.infer<typeof AttemptErrorSchema>;

/** How an attempt ended: by the answer's status, or without an answer. */
export const AttemptSchema = z.object({
  attempt: z.number().int().min(1),
  at: z.iso.datetime(),
  duration_ms: z.number().int().min(0),
  status: z.number().int().nullable(),
  error: AttemptErrorSchema.nullable(),
});
export type Attempt = z.infer<typeof AttemptSchema>;

/** `pending` has attempts left; `dropped` was never to be sent any more, because its endpoint is off or gone. */
export const DeliveryStateSchema = z.enum(["pending", "delivered", "failed", "dropped"]);
export type DeliveryState = z.infer<typeof DeliveryStateSchema>;

/** A delivery as it is stored: one event for one endpoint. */
export const DeliverySchema = z.object({
  webhook_id: WebhookIdSchema,
  delivery_id: DeliveryIdSchema,
  user_id: z.string(),
  event: DeliveredEventSchema,
  /** Exactly what is sent and signed. */
  body: z.string(),
  state: DeliveryStateSchema,
  /** Attempts that were begun; rises with each, so that a message for an earlier one is recognised. */
  attempts: z.number().int().min(0),
  /** How many had been made when it was last sent by hand: its waits begin anew there. */
  resent_at_attempt: z.number().int().min(0),
  log: z.array(AttemptSchema),
  created_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
  /** When somebody looks at it again if nothing happens; absent once it is settled. */
  due_at: z.iso.datetime().optional(),
});
export type Delivery = z.infer<typeof DeliverySchema>;

/** A delivery before its first attempt. */
export const newDelivery = (
  announced: Pick<Delivery, "webhook_id" | "delivery_id" | "user_id" | "event" | "body">,
  nowMs: number,
): Delivery => ({
  ...announced,
  ...{ state: "pending", attempts: 0, resent_at_attempt: 0, log: [], finished_at: null },
  created_at: isoTime(nowMs),
  due_at: isoTime(nowMs + MESSAGE_LOST_AFTER_MS),
});

/** When a delivery is removed, epoch seconds. */
export const deliveryEnds = ({ created_at }: Pick<Delivery, "created_at">): number =>
  secondsAfterDays(Date.parse(created_at), DELIVERY_DAYS);

/** Whether an endpoint took what was sent. Redirects are not followed, so they are failures. */
export const isTaken = ({ status }: Pick<Attempt, "status">): boolean =>
  status !== null && status >= 200 && status < 300;
