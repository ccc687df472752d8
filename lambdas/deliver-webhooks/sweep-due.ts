import { DUE_SHARDS } from "../common/adapters/dynamodb/webhooks/webhook-deliveries.ts";
import { attemptOf } from "../common/services/webhooks/announce.ts";
import type { Deps } from "./deps.ts";
import { Separately } from "./separately.ts";

/** Deliveries of a shard that one call of the schedule sends: the next comes in a minute. */
const MAX_PER_SHARD = 250;
/** A message that is not worked off in so long a time is sent again. */
const AGAIN_AFTER_MS = 15 * 60_000;

type SweepDeps = Pick<Deps, "deliveries" | "queue" | "clock" | "log">;
type Due = Awaited<ReturnType<Deps["deliveries"]["due"]>>[number];

/**
 * Sends the messages of deliveries whose wait is over, and of those whose message was lost. A delivery is put off before its message is
 * sent, so a queue that is behind does not fill with repeats. Neither a shard nor a delivery that fails keeps the others back.
 * @throws what failed first, after all others: what was not sent is sent by the next call, or after a quarter of an hour
 */
export const sweepDue = async (deps: SweepDeps): Promise<void> => {
  const separately = new Separately(deps);
  let sent = 0;
  for (let shard = 0; shard < DUE_SHARDS; shard += 1) {
    await separately.part({ shard }, async () => {
      const nowMs = deps.clock.now();
      for (const due of await deps.deliveries.due(shard, nowMs, MAX_PER_SHARD)) {
        const { webhook_id, delivery_id } = due;
        await separately.part({ webhook_id, delivery_id }, async () => {
          if (await sendAgain(deps, due, nowMs)) sent += 1;
        });
      }
    });
  }
  if (sent > 0) deps.log.info("deliveries that are due were sent to the queue", { deliveries: sent });
  separately.end();
};

/** @returns whether its message was sent */
const sendAgain = async (
  { deliveries, queue }: SweepDeps,
  { due_at, ...key }: Due,
  nowMs: number,
): Promise<boolean> => {
  const delivery = await deliveries.get(key, nowMs);
  // The index shows a row a moment longer than it is due.
  if (delivery?.state !== "pending" || delivery.due_at !== due_at) return false;
  const dueMs = nowMs + AGAIN_AFTER_MS;
  if (!(await deliveries.postpone(key, delivery.attempts, { dueMs, nowMs, seen: due_at }))) return false;
  await queue.send([{ message: attemptOf(delivery), delaySeconds: 0 }]);
  return true;
};
