import type { BatchMessage } from "../../common/core/batches/batch-message.ts";
import { errorWords } from "../../common/core/error-words.ts";
import type { ReceiveMore } from "../../common/platform/sqs/consumer.ts";
import type { QueueRecord } from "../../common/platform/sqs/queue-record.ts";
import type { Deps } from "../deps.ts";
import { RECORD_MS } from "../time-left.ts";

/** Requests to the queue for one call. */
const MAX_RECEIVES = 4;
/** With less time than this the worker takes no further batches: their products may need a second slot. */
const LEAST_LEFT_MS = RECORD_MS + 10_000;

/**
 * Receives messages of waiting batches with about so many products, and not many more: what a call has no room for waits with
 * this worker, while others may be free. It waits `waitSeconds` for the first one. Nothing is received without time left.
 * Never throws: where the queue does not answer, calls go without company.
 */
export const receiveCompany = async (
  { log }: Pick<Deps, "log">,
  receiveMore: ReceiveMore<BatchMessage>,
  remainingMs: () => number,
  { ids, waitSeconds }: { readonly ids: number; readonly waitSeconds: number },
): Promise<readonly QueueRecord<BatchMessage>[]> => {
  const records: QueueRecord<BatchMessage>[] = [];
  if (remainingMs() < LEAST_LEFT_MS) return records;
  try {
    for (let requests = 0, lacking = ids, most = 1; requests < MAX_RECEIVES && lacking > 0; requests += 1) {
      const more = await receiveMore(most, requests === 0 ? waitSeconds : 0);
      if (more.length === 0) break;
      records.push(...more);
      const sizes = more.map(({ message }) => message.products.length);
      lacking -= sizes.reduce((sum, size) => sum + size, 0);
      // Those that follow are taken to be of about the same size.
      most = Math.max(1, Math.floor(lacking / Math.max(...sizes)));
    }
  } catch (error) {
    log.warn("no more batches were received, the call goes as it is", { error: errorWords(error) });
  }
  return records;
};
