import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { isoTime } from "../../../common/core/clock.ts";
import {
  CreatedWebhookSchema,
  NewWebhookSchema,
  WebhookChangeSchema,
  WebhookListSchema,
  WebhookSchema,
  webhookView,
} from "../../../common/core/contract/webhooks/webhooks.ts";
import { ConflictError, ValidationError } from "../../../common/core/errors.ts";
import {
  type Endpoint,
  MAX_ENDPOINTS,
  newEndpoint,
  switchedOff,
  switchedOn,
} from "../../../common/core/webhooks/endpoint.ts";
import { urlProblem } from "../../../common/core/webhooks/webhook-url.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import { newWebhookSecret } from "../../../common/platform/webhooks/new-webhook-secret.ts";
import type { Deps } from "../../deps.ts";
import { among, placeOf, TAGS, WebhookParams } from "./webhook-params.ts";

const listRoute = createRoute({
  ...TAGS,
  ...signedIn("read"),
  method: "get",
  path: `${API_BASE}/webhooks`,
  summary: "Your endpoints",
  request: { query: strictQuery({}) },
  responses: { 200: json(WebhookListSchema, "All of them"), ...problems(400, 401, 503) },
});

const postRoute = createRoute({
  ...TAGS,
  ...signedIn("person"),
  method: "post",
  path: `${API_BASE}/webhooks`,
  summary: "Have events sent to an address",
  description:
    "Messages are signed as Standard Webhooks says; the answer shows the secret, once. Who lost it asks for a new one. Names are looked up at each call: one that leads to a private address gets nothing.",
  request: {
    query: strictQuery({}),
    body: {
      required: true,
      content: {
        "application/json": {
          schema: NewWebhookSchema,
          example: { url: "https://example.com/hooks/enrichline", events: ["catalog.completed"] },
        },
      },
    },
  },
  responses: {
    201: json(CreatedWebhookSchema, "The endpoint and its secret"),
    ...problems(400, 401, 409, 415, 503),
  },
});

const patchRoute = createRoute({
  ...TAGS,
  ...signedIn("person"),
  method: "patch",
  path: `${API_BASE}/webhooks/{id}`,
  summary: "Change the address or the events of an endpoint, or switch it on or off",
  request: {
    params: WebhookParams,
    query: strictQuery({}),
    body: {
      required: true,
      content: { "application/json": { schema: WebhookChangeSchema, example: { state: "off" } } },
    },
  },
  responses: { 200: json(WebhookSchema, "The endpoint"), ...problems(400, 401, 404, 409, 415, 503) },
});

const deleteRoute = createRoute({
  ...TAGS,
  ...signedIn("person"),
  method: "delete",
  path: `${API_BASE}/webhooks/{id}`,
  summary: "Remove an endpoint",
  description: "What waits for it is not sent any more. Its id is answered with 404 from then on.",
  request: { params: WebhookParams, query: strictQuery({}) },
  responses: { 200: json(WebhookSchema, "The endpoint as it was"), ...problems(400, 401, 404, 503) },
});

/** @throws ValidationError when nothing may be sent to the address */
const checkUrl = (url: string, allowed: readonly string[]): void => {
  const problem = urlProblem(url, allowed);
  if (problem === undefined) return;
  throw new ValidationError("The address of the webhook breaks a rule; see errors.", {
    errors: [{ field: "url", problem }],
  });
};

/** One address gets each event once. It also makes a repeated request harmless, whose answer may not be kept for its secret. */
const checkOnlyOne = (
  endpoints: readonly Endpoint[],
  { webhook_id, url }: Pick<Endpoint, "webhook_id" | "url">,
): void => {
  const other = endpoints.find((one) => one.url === url && one.webhook_id !== webhook_id);
  if (!other) return;
  throw new ConflictError(
    `${other.webhook_id} has this address already: change that one, or make a new secret for it.`,
    "webhook_exists",
  );
};

/** Registers `GET /webhooks`. */
export const getWebhooks = (app: OpenAPIHono<HttpEnv>, { webhooks, clock }: Deps): void => {
  app.openapi(listRoute, async (c) => {
    const endpoints = await webhooks.endpoints.list(callerOf(c).userId);
    return c.json({ items: endpoints.map((endpoint) => webhookView(endpoint, clock.now())) }, 200);
  });
};

/** Registers `POST /webhooks`. */
export const postWebhook = (app: OpenAPIHono<HttpEnv>, { webhooks, clock, newId, logger }: Deps): void => {
  app.openapi(postRoute, async (c) => {
    const { userId } = callerOf(c);
    const { url, events } = c.req.valid("json");
    webhooks.require();
    checkUrl(url, webhooks.allowed);
    const webhook_id = `whk_${newId()}`;
    const secret = newWebhookSecret();
    const sealed = await webhooks.seal.seal({ userId, webhookId: webhook_id }, secret);
    const endpoint = newEndpoint({ webhook_id, url, events: [...new Set(events)] }, sealed, clock.now());
    await webhooks.endpoints.change(userId, (endpoints) => {
      checkOnlyOne(endpoints, endpoint);
      if (endpoints.length >= MAX_ENDPOINTS) {
        throw new ConflictError(
          `You have ${MAX_ENDPOINTS} webhooks, which is the most: remove one.`,
          "too_many_webhooks",
        );
      }
      return [...endpoints, endpoint];
    });
    logger.info("a webhook endpoint was made", { webhook_id, events });
    return c.json({ ...webhookView(endpoint, clock.now()), secret }, 201);
  });
};

/** Registers `PATCH /webhooks/{id}`. */
export const patchWebhook = (app: OpenAPIHono<HttpEnv>, { webhooks, clock }: Deps): void => {
  app.openapi(patchRoute, async (c) => {
    const { userId } = callerOf(c);
    const { id } = c.req.valid("param");
    const { url, events, state } = c.req.valid("json");
    if (url !== undefined) checkUrl(url, webhooks.allowed);
    const nowMs = clock.now();
    const endpoints = await webhooks.endpoints.change(userId, (stored) => {
      const place = placeOf(stored, id);
      const seen = among(stored, id);
      let changed: Endpoint = {
        ...seen,
        // Another address has no past.
        ...(url === undefined || url === seen.url ? {} : { url, failing_since: null }),
        ...(events === undefined ? {} : { events: [...new Set(events)] }),
        updated_at: isoTime(nowMs),
      };
      checkOnlyOne(stored, changed);
      if (state === "off") changed = switchedOff(changed, "by_user", nowMs);
      if (state === "on") changed = switchedOn(changed, nowMs);
      return stored.with(place, changed);
    });
    return c.json(webhookView(among(endpoints, id), nowMs), 200);
  });
};

/** Registers `DELETE /webhooks/{id}`. */
export const deleteWebhook = (app: OpenAPIHono<HttpEnv>, { webhooks, clock, logger }: Deps): void => {
  app.openapi(deleteRoute, async (c) => {
    const { id } = c.req.valid("param");
    let removed: Endpoint | undefined;
    await webhooks.endpoints.change(callerOf(c).userId, (stored) => {
      removed = among(stored, id);
      return stored.toSpliced(placeOf(stored, id), 1);
    });
    if (!removed) throw new Error("a change of endpoints changed nothing");
    logger.info("a webhook endpoint was removed", { webhook_id: id });
    return c.json(webhookView(removed, clock.now()), 200);
  });
};
