import type { BatchMessage } from "../../common/core/batches/batch-message.ts";
import type { BatchRow } from "../../common/core/batches/batch-row.ts";
import { errorWords } from "../../common/core/error-words.ts";
import type { QueueRecord } from "../../common/platform/sqs/queue-record.ts";
import type { Deps } from "../deps.ts";

type LeasedRow = Pick<BatchRow, "lease_until">;

/** A claim compares times of two machines, and needs a lease that is over: a moment more than its end. */
const AFTER_LEASE_SECONDS = 1;

/** Whole seconds from `nowMs` until a batch can be claimed again, at least 1. */
export const leaseEndSeconds = ({ lease_until }: LeasedRow, nowMs: number): number =>
  lease_until === undefined
    ? AFTER_LEASE_SECONDS
    : Math.max(0, Math.ceil((Date.parse(lease_until) - nowMs) / 1_000)) + AFTER_LEASE_SECONDS;

/**
 * Hides the records of claimed batches as long as their leases last, and no longer. The queue's visibility timeout is six
 * times the function's time limit, as AWS recommends: the batches of a worker that dies would stay with it for all of that.
 * Never throws: where the queue does not answer, they do.
 */
export const hideWhileLeased = async (
  { ownQueue, clock, log }: Pick<Deps, "ownQueue" | "clock" | "log">,
  claimed: readonly { readonly record: QueueRecord<BatchMessage>; readonly row: LeasedRow }[],
): Promise<void> => {
  if (claimed.length === 0) return;
  const nowMs = clock.now();
  const seconds = Math.max(...claimed.map(({ row }) => leaseEndSeconds(row, nowMs)));
  try {
    await ownQueue.changeVisibilities(
      claimed.map(({ record }) => record.receiptHandle),
      seconds,
    );
  } catch (error) {
    log.warn("records would come back late if this worker died", { error: errorWords(error) });
  }
};

/**
 * Gives the leases of batches back that this invocation could not finish, so that they can be claimed again as soon as
 * their records return. Never throws: a batch whose lease cannot be given back is free when it ends.
 * @returns the rows whose lease is still there
 */
export const releaseLeases = async (
  { batches, log }: Pick<Deps, "batches" | "log">,
  rows: readonly BatchRow[],
): Promise<BatchRow[]> => {
  const kept = await Promise.all(
    rows.map(async (row) => {
      try {
        await batches.release(row);
        return [];
      } catch (error) {
        log.warn("a lease was not given back, it ends by itself", {
          batch_id: row.batch_id,
          lease_until: row.lease_until,
          error: errorWords(error),
        });
        return [row];
      }
    }),
  );
  return kept.flat();
};
