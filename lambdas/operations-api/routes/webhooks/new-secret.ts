import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import {
  NewSecretRequestSchema,
  NewSecretSchema,
  previousUntil,
} from "../../../common/core/contract/webhooks/webhooks.ts";
import { withNewSecret } from "../../../common/core/webhooks/endpoint.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import { newWebhookSecret } from "../../../common/platform/webhooks/new-webhook-secret.ts";
import type { Deps } from "../../deps.ts";
import { among, placeOf, TAGS, WebhookParams } from "./webhook-params.ts";

const route = createRoute({
  ...TAGS,
  ...signedIn("person"),
  method: "post",
  path: `${API_BASE}/webhooks/{id}/secret`,
  summary: "A new secret for an endpoint",
  description:
    "For `overlap_hours` messages carry a signature of the present secret too, so that no receiver refuses any while it changes over. With 0 the present one ends at once. A secret before the present one ends at once in any case.",
  request: {
    params: WebhookParams,
    query: strictQuery({}),
    body: {
      required: true,
      content: { "application/json": { schema: NewSecretRequestSchema, example: { overlap_hours: 24 } } },
    },
  },
  responses: { 201: json(NewSecretSchema, "The secret"), ...problems(400, 401, 404, 415, 503) },
});

/** Registers `POST /webhooks/{id}/secret`. */
export const postWebhookSecret = (app: OpenAPIHono<HttpEnv>, { webhooks, clock, logger }: Deps): void => {
  app.openapi(route, async (c) => {
    const { userId } = callerOf(c);
    const { id } = c.req.valid("param");
    const { overlap_hours } = c.req.valid("json");
    const secret = newWebhookSecret();
    const sealed = await webhooks.seal.seal({ userId, webhookId: id }, secret);
    const nowMs = clock.now();
    const endpoints = await webhooks.endpoints.change(userId, (stored) =>
      stored.with(placeOf(stored, id), withNewSecret(among(stored, id), sealed, overlap_hours, nowMs)),
    );
    logger.info("a webhook endpoint has a new secret", { webhook_id: id, overlap_hours });
    return c.json({ webhook_id: id, secret, previous_secret_until: previousUntil(among(endpoints, id), nowMs) }, 201);
  });
};
