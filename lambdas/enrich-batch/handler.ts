import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { METRICS } from "../core/metric-names.ts";
import { type BatchRecord, readBatchRecord } from "./batch-record.ts";
import { correlationOf } from "./correlation-of.ts";
import type { Deps } from "./deps.ts";
import { processBatches, type Unfinished } from "./process-batches.ts";

/** When an unreadable record is delivered again. */
const UNREADABLE_BACK_SECONDS = 3;
/** Longest that a record which failed for now stays away. */
const MAX_BACK_OFF_SECONDS = 300;
/** From this delivery on a record may be poison: it runs last and alone. */
const SUSPECT_FROM = 3;

/**
 * Consumer of the `enrich` queues. Every record that is not done comes back by partial batch response; nothing
 * else ever builds one. Safe to deliver any record any number of times.
 */
export const createHandler =
  (deps: Deps) =>
  async (event: SQSEvent, context: Pick<Context, "getRemainingTimeInMillis">): Promise<SQSBatchResponse> => {
    const failed: string[] = [];
    const records: BatchRecord[] = [];
    for (const record of event.Records) {
      try {
        records.push(readBatchRecord(record));
      } catch (error) {
        deps.meter.count(METRICS.RECORD_INVALID, 1);
        deps.log.error("record is unreadable and will end in the dead-letter queue", {
          message_id: record.messageId,
          error: String(error),
        });
        failed.push(record.messageId);
        // Time does not mend its body, so it need not wait five times before somebody looks.
        await hurry(deps, record.messageId, record.receiptHandle, UNREADABLE_BACK_SECONDS);
      }
    }
    const remainingMs = () => context.getRemainingTimeInMillis();
    const clean = records.filter((record) => record.receive_count < SUSPECT_FROM);
    const suspect = records.filter((record) => record.receive_count >= SUSPECT_FROM);
    try {
      const again = await work(deps, clean, remainingMs);
      failed.push(...again.map((record) => record.message_id));
      if (suspect.length > 0 && clean.length > again.length) {
        // If a suspect takes the process down, the settled ones must not come back with it.
        const done = clean.filter((record) => !again.includes(record));
        await deps.batchQueue.acknowledge(
          deps.ownQueueUrl,
          done.map((record) => record.receipt_handle),
        );
      }
      for (const record of suspect) {
        const left = await work(deps, [record], remainingMs);
        failed.push(...left.map((open) => open.message_id));
      }
    } finally {
      if (failed.length > 0) deps.meter.count(METRICS.RECORD_FAILED, failed.length);
      deps.meter.flush();
    }
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };

/**
 * Lets a record come back sooner than after the queue's whole visibility timeout. If this fails, it waits that long.
 */
const hurry = async (deps: Deps, id: string, receiptHandle: string, seconds: number): Promise<void> => {
  try {
    await deps.batchQueue.comeBackAfter(deps.ownQueueUrl, receiptHandle, seconds);
  } catch (error) {
    deps.log.warn("a record comes back late", { message_id: id, error: String(error) });
  }
};

/** Waits for what failed for now to pass: 10 s after the first delivery, then twice as long each time. */
const backOffSeconds = (receives: number): number => Math.min(MAX_BACK_OFF_SECONDS, 10 * 2 ** (receives - 1));

/** A fault that nobody expected fails these records alone, with its stack in the log. */
const work = async (
  deps: Deps,
  records: readonly BatchRecord[],
  remainingMs: () => number,
): Promise<readonly BatchRecord[]> => {
  if (records.length === 0) return [];
  return deps.log.during(correlationOf(records.map(({ message }) => message)), async () => {
    const { again, leased } = await tryWork(deps, records, remainingMs);
    await Promise.all(
      again.map((record) =>
        hurry(deps, record.message_id, record.receipt_handle, backOffSeconds(record.receive_count)),
      ),
    );
    return [...again, ...leased];
  });
};

const tryWork = async (deps: Deps, records: readonly BatchRecord[], remainingMs: () => number): Promise<Unfinished> => {
  try {
    return await processBatches(deps, records, remainingMs);
  } catch (error) {
    deps.log.error("invocation failed, its records come back", {
      error: error instanceof Error ? (error.stack ?? "") : String(error),
    });
    return { again: records, leased: [] };
  }
};
