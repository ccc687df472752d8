import * as z from "zod";
import {
  type Endpoint,
  MAX_ENDPOINTS,
  OffReasonSchema,
  WEBHOOK_EVENTS,
  WebhookEventSchema,
  WebhookIdSchema,
} from "../../webhooks/endpoint.ts";
import { MAX_URL_LENGTH } from "../../webhooks/webhook-url.ts";

const Url = z
  .string()
  .max(MAX_URL_LENGTH)
  .describe("An https address on the public internet, port 443 or from 1024 on. Redirects are not followed.")
  .meta({ example: "https://example.com/hooks/enrichline" });
const Events = z
  .array(WebhookEventSchema)
  .min(1)
  .max(WEBHOOK_EVENTS.length)
  .describe(
    "`catalog.completed`: a run ended. `product.updated`: products were fetched again, at most one message a second. `failure_group.opened`: ten products of a run failed for one reason.",
  );

/** Body of `POST /webhooks`. */
export const NewWebhookSchema = z.strictObject({ url: Url, events: Events }).meta({ id: "NewWebhook" });

/** Body of `PATCH /webhooks/{id}`. */
export const WebhookChangeSchema = z
  .strictObject({
    url: Url.optional(),
    events: Events.optional(),
    state: z.enum(["on", "off"]).optional().describe("`on` starts one that was switched off without its past."),
  })
  .meta({ id: "WebhookChange" });

/** Longest time that the secret before a new one signs too, hours. */
export const MAX_OVERLAP_HOURS = 168;

/** Body of `POST /webhooks/{id}/secret`. */
export const NewSecretRequestSchema = z
  .strictObject({
    overlap_hours: z
      .number()
      .int()
      .min(0)
      .max(MAX_OVERLAP_HOURS)
      .default(24)
      .describe("Hours for which messages are signed with the present secret too."),
  })
  .meta({ id: "NewSecretRequest" });

/** An endpoint as it is given out. */
export const WebhookSchema = z
  .object({
    webhook_id: WebhookIdSchema.describe("Its id."),
    url: z.string().describe("Where messages go."),
    events: z.array(WebhookEventSchema).describe("What it is told of."),
    state: z.enum(["on", "off"]).describe("`off`: it gets nothing, and what was waiting is dropped."),
    off_reason: OffReasonSchema.nullable().describe(
      "`by_user`; `gone`: it answered 410; `failing`: no attempt succeeded for a day; `secret_unreadable`: nor was there a secret to sign with, so make a new one before you switch it on; `owner_gone`: its user was switched off; null: it is on.",
    ),
    off_at: z.iso.datetime().nullable().describe("When it was switched off; null: it is on."),
    failing_since: z.iso.datetime().nullable().describe("Since when no attempt has succeeded; null: all is well."),
    previous_secret_until: z.iso
      .datetime()
      .nullable()
      .describe("Until when messages are signed with the secret before the newest too; null: they are not."),
    created_at: z.iso.datetime().describe("When it was made."),
    updated_at: z.iso.datetime().describe("When it was last changed."),
  })
  .meta({ id: "Webhook" });
export type Webhook = z.infer<typeof WebhookSchema>;

/** Answer of `GET /webhooks`. */
export const WebhookListSchema = z
  .object({ items: z.array(WebhookSchema).describe(`All of them: a user has at most ${MAX_ENDPOINTS}.`) })
  .meta({ id: "WebhookList" });

const Secret = z
  .string()
  .describe(
    "Begins with `whsec_`. Shown this once: receivers verify signatures with it, by any Standard Webhooks library.",
  );

/** Answer of `POST /webhooks`. */
export const CreatedWebhookSchema = WebhookSchema.extend({ secret: Secret }).meta({ id: "CreatedWebhook" });

/** Answer of `POST /webhooks/{id}/secret`. */
export const NewSecretSchema = z
  .object({
    webhook_id: WebhookIdSchema.describe("The endpoint."),
    secret: Secret,
    previous_secret_until: z.iso
      .datetime()
      .nullable()
      .describe("Until when messages are signed with the secret before it too; null: that one has ended."),
  })
  .meta({ id: "NewSecret" });

/** An endpoint without its secrets. */
export const webhookView = (endpoint: Endpoint, nowMs: number): Webhook => {
  const { webhook_id, url, events, state, off_reason, off_at, failing_since, created_at, updated_at } = endpoint;
  return {
    ...{ webhook_id, url, events, state, off_reason, off_at, failing_since, created_at, updated_at },
    previous_secret_until: previousUntil(endpoint, nowMs),
  };
};

/** Until when the secret before the newest signs too; null: it does not. */
export const previousUntil = ({ secrets }: Pick<Endpoint, "secrets">, nowMs: number): string | null => {
  const until = secrets[1]?.expires_at ?? null;
  return until !== null && Date.parse(until) > nowMs ? until : null;
};
