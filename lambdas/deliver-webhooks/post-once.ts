import { isoTime } from "../common/core/clock.ts";
import type { Attempt, Delivery } from "../common/core/webhooks/delivery.ts";
import { type Endpoint, secretsAt } from "../common/core/webhooks/endpoint.ts";
import type { PostOutcome } from "../common/platform/webhooks/post-webhook.ts";
import { signedHeaders } from "../common/platform/webhooks/signing.ts";
import type { Deps } from "./deps.ts";

/**
 * The secrets that sign for an endpoint now, the newest first. Empty when none can be opened: the stage's key is not the one that
 * sealed them, which only a new secret repairs.
 * @throws TransientError when the key cannot be read now
 */
export const openSecrets = async (
  { seal, clock }: Pick<Deps, "seal" | "clock">,
  userId: string,
  endpoint: Endpoint,
): Promise<readonly string[]> => {
  const { webhook_id: webhookId } = endpoint;
  const opened = await Promise.all(
    secretsAt(endpoint, clock.now()).map((sealed) => seal.open({ userId, webhookId }, sealed)),
  );
  return opened.filter((secret) => secret !== undefined);
};

/** Sends a delivery once, signed with each secret, and says how that ended. Without a secret nothing is sent. */
export const postOnce = async (
  { post, clock }: Pick<Deps, "post" | "clock">,
  {
    url,
    secrets,
    delivery,
  }: { readonly url: string; readonly secrets: readonly string[]; readonly delivery: Delivery },
): Promise<Attempt> => {
  const { delivery_id: id, body, attempts } = delivery;
  const startedMs = clock.now();
  const outcome: PostOutcome =
    secrets.length === 0
      ? { status: null, error: "secret_unreadable" }
      : await post({ url, headers: signedHeaders(secrets, { id, atMs: startedMs, body }), body });
  return {
    attempt: attempts,
    at: isoTime(startedMs),
    duration_ms: Math.max(0, Math.round(clock.now() - startedMs)),
    ...outcome,
  };
};
