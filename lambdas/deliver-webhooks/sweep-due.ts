import { DUE_SHARDS } from "../common/adapters/dynamodb/webhooks/webhook-deliveries.ts";
import { attemptOf } from "../common/services/webhooks/announce.ts";
import type { Deps } from "./deps.ts";

/** Deliveries of a shard that one call of the schedule sends: the next comes in a minute. */
const MAX_PER_SHARD = 250;
/** A message that is not worked off in so long a time is sent again. */
const AGAIN_AFTER_MS = 15 * 60_000;

/**
 * Sends the messages of deliveries whose wait is over, and of those whose message was lost. A delivery is put off before its message is
 * sent, so a queue that is behind does not fill with repeats.
 * @throws TransientError; what was not sent is sent by the next call, or after a quarter of an hour
 */
export const sweepDue = async (deps: Pick<Deps, "deliveries" | "queue" | "clock" | "log">): Promise<void> => {
  let sent = 0;
  for (let shard = 0; shard < DUE_SHARDS; shard += 1) {
    const nowMs = deps.clock.now();
    for (const { due_at, ...key } of await deps.deliveries.due(shard, nowMs, MAX_PER_SHARD)) {
      const delivery = await deps.deliveries.get(key, nowMs);
      // The index shows a row a moment longer than it is due.
      if (delivery?.state !== "pending" || delivery.due_at !== due_at) continue;
      const dueMs = nowMs + AGAIN_AFTER_MS;
      if (!(await deps.deliveries.postpone(key, delivery.attempts, { dueMs, nowMs, seen: due_at }))) continue;
      await deps.queue.send([{ message: attemptOf(delivery), delaySeconds: 0 }]);
      sent += 1;
    }
  }
  if (sent > 0) deps.log.info("deliveries that are due were sent to the queue", { deliveries: sent });
};
