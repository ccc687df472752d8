import type { WebhookEvent } from "../../core/webhooks/webhook-event.ts";
import { nameOfParts, sortableTime } from "../sortable-id.ts";

/**
 * The `webhook-id` of an event for an endpoint: the same each time that the event is found, and the greater the later it
 * happened.
 */
export const deliveryIdOf = (webhookId: string, { event, key, atMs }: Pick<WebhookEvent, "event" | "key" | "atMs">) =>
  `msg_${sortableTime(atMs)}${nameOfParts([webhookId, event, key])}`;
