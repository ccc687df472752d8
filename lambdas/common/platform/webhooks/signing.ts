import { Webhook } from "standardwebhooks";

/** What is signed. */
export interface SignedMessage {
  /** `webhook-id`. */
  readonly id: string;
  /** When it is sent; receivers refuse what is older than five minutes. */
  readonly atMs: number;
  readonly body: string;
}

/**
 * The headers of a message, signed with each of the secrets, so that a receiver with either of two accepts it.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export const signedHeaders = (
  secrets: readonly string[],
  { id, atMs, body }: SignedMessage,
): Readonly<Record<string, string>> => ({
  "content-type": "application/json",
  "webhook-id": id,
  "webhook-timestamp": String(Math.floor(atMs / 1_000)),
  "webhook-signature": secrets.map((secret) => new Webhook(secret).sign(id, new Date(atMs), body)).join(" "),
});
