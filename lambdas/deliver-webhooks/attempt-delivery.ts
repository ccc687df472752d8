import type { Endpoint } from "../common/core/webhooks/endpoint.ts";
import type { AttemptMessage } from "../common/core/webhooks/webhook-message.ts";
import type { Deps } from "./deps.ts";
import { endForOwner } from "./end-for-owner.ts";
import { hasTurn } from "./has-turn.ts";
import { noteHealth } from "./note-health.ts";
import { openSecrets, postOnce } from "./post-once.ts";
import { recordAttempt, recordDropped } from "./record-attempt.ts";

/**
 * Attempts a delivery, if it is still as its message says. Before anything is sent the row says that it is: a second worker with the
 * same message sends nothing, and after a worker that died the attempt is made again with the same id. Nothing is sent for a user who is gone.
 * @throws TransientError
 */
export const attemptDelivery = async (deps: Deps, message: AttemptMessage): Promise<void> => {
  const endpoint = await findEndpoint(deps, message);
  const worker = deps.newId();
  const begin = () => deps.deliveries.begin(message, message.attempts, worker, deps.clock.now());
  const isWanted = endpoint?.state === "on";
  const isOwned = isWanted && (await deps.owners.isPresent({ userId: message.user_id }));
  if (isWanted && !isOwned) await endForOwner(deps, message.user_id);
  if (!isOwned) {
    const dropped = await begin();
    if (dropped) await recordDropped(deps, dropped, worker);
    return;
  }
  if (!(await hasTurn(deps, endpoint, message))) return;
  // Before it counts as an attempt: a key that cannot be read now is no fault of the endpoint, and passes.
  const secrets = await openSecrets(deps, message.user_id, endpoint);
  const delivery = await begin();
  if (!delivery) return;
  const attempt = await postOnce(deps, { url: endpoint.url, secrets, delivery });
  // Before the record, after which nobody looks at the answer again. If it fails, the attempt is made once more, under the same id.
  await noteHealth(deps, { endpoint, userId: message.user_id, attempt });
  await recordAttempt(deps, { delivery, attempt, worker });
};

const findEndpoint = async (
  { endpoints }: Pick<Deps, "endpoints">,
  { user_id, webhook_id }: AttemptMessage,
): Promise<Endpoint | undefined> =>
  (await endpoints.list(user_id)).find((endpoint) => endpoint.webhook_id === webhook_id);
