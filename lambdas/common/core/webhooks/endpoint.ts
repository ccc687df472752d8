import * as z from "zod";
import { isoTime } from "../clock.ts";
import { HOUR_MS } from "../durations.ts";
import { IsoTimeSchema } from "../iso-time.ts";

/** What an endpoint can be told of. */
export const WEBHOOK_EVENTS = ["catalog.completed", "product.updated", "failure_group.opened"] as const;
export const WebhookEventSchema = z.enum(WEBHOOK_EVENTS);
export type WebhookEventName = z.infer<typeof WebhookEventSchema>;

/** Endpoints of one user: all are in one row, and each costs a delivery an event. */
export const MAX_ENDPOINTS = 10;

/** Id of an endpoint: `whk_` and 16 characters. */
export const WebhookIdSchema = z.string().regex(/^whk_[0-9a-hjkmnp-tv-z]{16}$/, "a webhook id is whk_ + 16 characters");

/** A secret that messages to an endpoint are signed with. */
const EndpointSecretSchema = z.object({
  /** Encrypted; only the functions that sign can open it. */
  sealed: z.string().min(1),
  created_at: IsoTimeSchema,
  /** From when on it signs no more; null: as long as it is the newest. */
  expires_at: IsoTimeSchema.nullable(),
});

/**
 * Why an endpoint gets nothing: its user said so, it answered 410, it failed for a day, its secret was unreadable for a day, or its user
 * was removed or may not sign in.
 */
export const OffReasonSchema = z.enum(["by_user", "gone", "failing", "secret_unreadable", "owner_gone"]);
export type OffReason = z.infer<typeof OffReasonSchema>;

/** An endpoint as it is stored. */
export const EndpointSchema = z.object({
  webhook_id: WebhookIdSchema,
  url: z.string(),
  events: z.array(WebhookEventSchema),
  state: z.enum(["on", "off"]),
  off_reason: OffReasonSchema.nullable(),
  off_at: IsoTimeSchema.nullable(),
  /** Since when no attempt has succeeded; null: the last one did, or there was none. */
  failing_since: IsoTimeSchema.nullable(),
  /** The newest first; two while the one before it still signs too. */
  secrets: z.array(EndpointSecretSchema).min(1).max(2),
  created_at: IsoTimeSchema,
  updated_at: IsoTimeSchema,
});
export type Endpoint = z.infer<typeof EndpointSchema>;

/** Whether an endpoint is to be told of events of a kind. */
export const wants = ({ state, events }: Pick<Endpoint, "state" | "events">, event: WebhookEventName): boolean =>
  state === "on" && events.includes(event);

/** The sealed secrets that sign at a time, the newest first. */
export const secretsAt = ({ secrets }: Pick<Endpoint, "secrets">, nowMs: number): readonly string[] =>
  secrets.filter(({ expires_at }) => expires_at === null || Date.parse(expires_at) > nowMs).map(({ sealed }) => sealed);

/** An endpoint as its user makes it. */
export const newEndpoint = (
  asked: Pick<Endpoint, "webhook_id" | "url" | "events">,
  sealed: string,
  nowMs: number,
): Endpoint => {
  const now = isoTime(nowMs);
  return {
    ...asked,
    ...{ state: "on", off_reason: null, off_at: null, failing_since: null },
    secrets: [{ sealed, created_at: now, expires_at: null }],
    ...{ created_at: now, updated_at: now },
  };
};

/** The endpoint with a new secret; the one before it signs too for `hours` more. Older ones end at once. */
export const withNewSecret = (endpoint: Endpoint, sealed: string, hours: number, nowMs: number): Endpoint => {
  const now = isoTime(nowMs);
  const [newest] = endpoint.secrets;
  const previous = hours > 0 && newest ? [{ ...newest, expires_at: isoTime(nowMs + hours * HOUR_MS) }] : [];
  return {
    ...endpoint,
    secrets: [{ sealed, created_at: now, expires_at: null }, ...previous],
    updated_at: now,
  };
};

/** The endpoint, switched off; one that is off already stays as it is. */
export const switchedOff = (endpoint: Endpoint, off_reason: OffReason, nowMs: number): Endpoint => {
  if (endpoint.state === "off") return endpoint;
  const now = isoTime(nowMs);
  return { ...endpoint, state: "off", off_reason, off_at: now, updated_at: now };
};

/** The endpoint, switched on again: it starts without a past. */
export const switchedOn = (endpoint: Endpoint, nowMs: number): Endpoint =>
  endpoint.state === "on"
    ? endpoint
    : {
        ...endpoint,
        ...{ state: "on", off_reason: null, off_at: null, failing_since: null },
        updated_at: isoTime(nowMs),
      };
