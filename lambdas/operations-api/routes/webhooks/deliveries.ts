import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { pageOf } from "../../../common/core/contract/page.ts";
import { deliveryView, WebhookDeliverySchema } from "../../../common/core/contract/webhooks/deliveries.ts";
import { ConflictError, NotFoundError } from "../../../common/core/errors.ts";
import { ListPositionSchema } from "../../../common/core/list-page.ts";
import { type Delivery, DeliveryStateSchema } from "../../../common/core/webhooks/delivery.ts";
import type { Endpoint } from "../../../common/core/webhooks/endpoint.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import type { ListName } from "../../../common/platform/http/cursors.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { pageQuery, strictQuery } from "../../../common/platform/http/strict-query.ts";
import { attemptOf, deliverTo } from "../../../common/services/webhooks/announce.ts";
import type { Deps } from "../../deps.ts";
import { among, DeliveryParams, TAGS, WebhookParams } from "./webhook-params.ts";

const listRoute = createRoute({
  ...TAGS,
  ...signedIn("read"),
  method: "get",
  path: `${API_BASE}/webhooks/{id}/deliveries`,
  summary: "What was sent to an endpoint, the newest event first",
  description:
    "Of the last 30 days, with the answer to each attempt. A page may hold fewer items than `limit`, even none; the list ends when next_cursor is null.",
  request: {
    params: WebhookParams,
    query: strictQuery({
      state: DeliveryStateSchema.optional().describe("Only deliveries in this state."),
      ...pageQuery,
    }),
  },
  responses: { 200: json(pageOf(WebhookDeliverySchema), "A page"), ...problems(400, 401, 404, 503) },
});

const testRoute = createRoute({
  ...TAGS,
  ...signedIn("person"),
  method: "post",
  path: `${API_BASE}/webhooks/{id}/test`,
  summary: "Send an endpoint a message to try it",
  description: "Its type is `webhook.test`. What came of it is in the list of deliveries, within seconds.",
  request: { params: WebhookParams, query: strictQuery({}) },
  responses: { 202: json(WebhookDeliverySchema, "It is being sent"), ...problems(400, 401, 404, 409, 503) },
});

const resendRoute = createRoute({
  ...TAGS,
  ...signedIn("person"),
  method: "post",
  path: `${API_BASE}/webhooks/{id}/deliveries/{delivery_id}/resend`,
  summary: "Send a delivery again, with the same webhook-id",
  description:
    "Also one that was delivered. It gets as many attempts as a new one; one that is pending is attempted at once, and its waits go on.",
  request: { params: DeliveryParams, query: strictQuery({}) },
  responses: { 202: json(WebhookDeliverySchema, "It is being sent"), ...problems(400, 401, 404, 409, 503) },
});

/** @throws ConflictError when the endpoint is off */
const checkOn = ({ state, webhook_id }: Endpoint): void => {
  if (state === "on") return;
  throw new ConflictError(`${webhook_id} is off and gets nothing: switch it on first.`, "webhook_off");
};

/** Registers `GET /webhooks/{id}/deliveries`. */
export const getDeliveries = (app: OpenAPIHono<HttpEnv>, { webhooks, cursors, clock }: Deps): void => {
  app.openapi(listRoute, async (c) => {
    const { userId } = callerOf(c);
    const { id } = c.req.valid("param");
    const { state, limit, cursor } = c.req.valid("query");
    const list: ListName = [userId, "webhook-deliveries", id, state];
    const after = await cursors.open(list, cursor, ListPositionSchema);
    among(await webhooks.endpoints.list(userId), id);
    const { items, next } = await webhooks.deliveries.list(id, state, { limit, after }, clock.now());
    return c.json({ items: items.map(deliveryView), next_cursor: await cursors.seal(list, next) }, 200);
  });
};

/** Registers `POST /webhooks/{id}/test`. */
export const postWebhookTest = (app: OpenAPIHono<HttpEnv>, { webhooks, clock, newId }: Deps): void => {
  app.openapi(testRoute, async (c) => {
    const { userId } = callerOf(c);
    const { id } = c.req.valid("param");
    webhooks.require();
    checkOn(among(await webhooks.endpoints.list(userId), id));
    const delivery = await deliverTo(
      { ...webhooks, clock },
      { userId, webhookId: id },
      {
        event: "webhook.test",
        key: newId(),
        atMs: clock.now(),
        data: { webhook_id: id, text: "This message tries your endpoint; nothing happened." },
      },
      { by_hand: true },
    );
    if (!delivery) throw new Error("a test with a new key is there already");
    return c.json(deliveryView(delivery), 202);
  });
};

/** Opens a delivery again, if it is settled. @throws NotFoundError */
const reopened = async (
  { webhooks, clock }: Deps,
  key: { webhook_id: string; delivery_id: string },
): Promise<Delivery> => {
  const nowMs = clock.now();
  const seen = await webhooks.deliveries.get(key, nowMs);
  if (!seen) throw new NotFoundError(`There is no delivery "${key.delivery_id}", or its 30 days are over.`);
  if (seen.state === "pending") return seen;
  return (await webhooks.deliveries.reopen(seen, nowMs)) ?? (await webhooks.deliveries.get(key, nowMs)) ?? seen;
};

/** Registers `POST /webhooks/{id}/deliveries/{delivery_id}/resend`. */
export const postResend = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(resendRoute, async (c) => {
    const { id, delivery_id } = c.req.valid("param");
    deps.webhooks.require();
    checkOn(among(await deps.webhooks.endpoints.list(callerOf(c).userId), id));
    const delivery = await reopened(deps, { webhook_id: id, delivery_id });
    await deps.webhooks.queue.send([{ message: { ...attemptOf(delivery), by_hand: true }, delaySeconds: 0 }]);
    return c.json(deliveryView(delivery), 202);
  });
};
