import * as z from "zod";
import { NotFoundError } from "../../../common/core/errors.ts";
import { DeliveryIdSchema } from "../../../common/core/webhooks/delivery.ts";
import { type Endpoint, WebhookIdSchema } from "../../../common/core/webhooks/endpoint.ts";

/** Where the document lists all these routes. */
export const TAGS = { tags: ["Webhooks"] };

/** Path parameter of everything below `/webhooks/{id}`; another form is a 404. */
export const WebhookParams = z.object({
  id: WebhookIdSchema.describe("The endpoint, as the answer to its making named it.").meta({
    example: "whk_7k2m9x4v1z0d5h3n",
  }),
});

/** Path parameters of one delivery. */
export const DeliveryParams = WebhookParams.extend({
  delivery_id: DeliveryIdSchema.describe("The delivery: its `webhook-id`.").meta({
    example: "msg_01k8s5t6vw7k2m9x4v1z0d5h3n",
  }),
});

/** The place of an endpoint among those of its user. @throws NotFoundError when it is none of them */
export const placeOf = (endpoints: readonly Endpoint[], webhookId: string): number => {
  const place = endpoints.findIndex(({ webhook_id }) => webhook_id === webhookId);
  if (place < 0) throw new NotFoundError(`There is no webhook "${webhookId}", or it is not yours.`);
  return place;
};

/** The endpoint. @throws NotFoundError when it is none of these */
export const among = (endpoints: readonly Endpoint[], webhookId: string): Endpoint => {
  const endpoint = endpoints[placeOf(endpoints, webhookId)];
  if (!endpoint) throw new Error("an endpoint has no place");
  return endpoint;
};
