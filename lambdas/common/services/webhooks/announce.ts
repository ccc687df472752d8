import type { WebhookDeliveries } from "../../adapters/dynamodb/webhooks/webhook-deliveries.ts";
import type { WebhookEndpoints } from "../../adapters/dynamodb/webhooks/webhook-endpoints.ts";
import type { WebhookQueue } from "../../adapters/sqs/webhook-queue.ts";
import type { Clock } from "../../core/clock.ts";
import { type Delivery, newDelivery } from "../../core/webhooks/delivery.ts";
import { type Endpoint, type WebhookEventName, wants } from "../../core/webhooks/endpoint.ts";
import { bodyOf, type WebhookEvent } from "../../core/webhooks/webhook-event.ts";
import type { AttemptMessage } from "../../core/webhooks/webhook-message.ts";
import { deliveryIdOf } from "../../platform/webhooks/delivery-id.ts";

/** What events are handed on with. */
export interface AnnounceDeps {
  readonly deliveries: Pick<WebhookDeliveries, "create">;
  readonly queue: Pick<WebhookQueue, "send">;
  readonly clock: Pick<Clock, "now">;
}

/** The message that has a delivery attempted. */
export const attemptOf = ({ user_id, webhook_id, delivery_id, event, attempts }: Delivery): AttemptMessage => ({
  ...{ version: 1, kind: "attempt", user_id, webhook_id, delivery_id, event, attempts },
});

/**
 * Makes the delivery of an event for one endpoint, and has it attempted. Safe to repeat: the id of a delivery follows from its
 * event. A delivery whose message was lost is found when it is due.
 * @param by whether a person waits for it
 * @returns undefined when the delivery is there already
 * @throws TransientError
 */
export const deliverTo = async (
  { deliveries, queue, clock }: AnnounceDeps,
  { userId, webhookId }: { readonly userId: string; readonly webhookId: string },
  event: WebhookEvent,
  by: { readonly by_hand?: true } = {},
): Promise<Delivery | undefined> => {
  const delivery = newDelivery(
    {
      webhook_id: webhookId,
      delivery_id: deliveryIdOf(webhookId, event),
      user_id: userId,
      event: event.event,
      body: bodyOf(event),
    },
    clock.now(),
  );
  if (!(await deliveries.create(delivery))) return undefined;
  await queue.send([{ message: { ...attemptOf(delivery), ...by }, delaySeconds: 0 }]);
  return delivery;
};

/** The endpoints of a user that are to be told of events of a kind. @throws TransientError */
export const endpointsFor = async (
  endpoints: Pick<WebhookEndpoints, "list">,
  userId: string,
  event: WebhookEventName,
): Promise<readonly Endpoint[]> => (await endpoints.list(userId)).filter((endpoint) => wants(endpoint, event));
