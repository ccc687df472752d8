import { createHash } from "node:crypto";
import { CROCKFORD } from "../../core/text/crockford.ts";
import type { WebhookEvent } from "../../core/webhooks/webhook-event.ts";

/** 50 bits of milliseconds. */
const TIME_CHARACTERS = 10;
/** 80 bits: no two events of an endpoint share them. */
const HASH_CHARACTERS = 16;

/**
 * The `webhook-id` of an event for an endpoint: the same each time that the event is found, and the greater the later it
 * happened.
 */
export const deliveryIdOf = (webhookId: string, { event, key, atMs }: Pick<WebhookEvent, "event" | "key" | "atMs">) => {
  let time = "";
  let rest = atMs;
  for (let index = 0; index < TIME_CHARACTERS; index += 1) {
    time = CROCKFORD.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  const hash = createHash("sha256")
    .update(JSON.stringify([webhookId, event, key]))
    .digest();
  const name = Array.from(hash.subarray(0, HASH_CHARACTERS), (byte) => CROCKFORD.charAt(byte % 32)).join("");
  return `msg_${time}${name}`;
};
