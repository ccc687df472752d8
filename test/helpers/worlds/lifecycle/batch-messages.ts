import type { SQSRecord } from "aws-lambda";
import type { QueuedBatch } from "../../../../lambdas/common/adapters/sqs/batch-queue.ts";
import type { createHandler } from "../../../../lambdas/enrich-batch/handler.ts";

interface Message {
  readonly id: string;
  readonly body: string;
  visibleAtMs: number;
  receives: number;
}

const VISIBILITY_MS = 90_000;

/** The queue of batches: a message is hidden while somebody works on it, and comes back unless it is done. */
export class BatchMessages {
  /** Those that are not done, hidden ones too. */
  readonly waiting: Message[] = [];

  /** Puts a message that is hidden until its delay is over. */
  put({ message, delaySeconds }: QueuedBatch, id: string, nowMs: number): void {
    this.waiting.push({ id, body: JSON.stringify(message), visibleAtMs: nowMs + delaySeconds * 1_000, receives: 0 });
  }

  /** Receives up to `most` messages, works on them, and deletes those that are done. @returns how many were received */
  async consume(consumer: ReturnType<typeof createHandler>, most: number, nowMs: number): Promise<number> {
    const taken = this.waiting.filter((message) => message.visibleAtMs <= nowMs).slice(0, most);
    for (const message of taken) {
      message.visibleAtMs = nowMs + VISIBILITY_MS;
      message.receives += 1;
    }
    const Records = taken.map(
      ({ id, body, receives }) =>
        ({
          messageId: id,
          receiptHandle: id,
          body,
          attributes: { ApproximateReceiveCount: String(Math.min(receives, 2)) },
        }) as SQSRecord,
    );
    if (Records.length === 0) return 0;
    const { batchItemFailures } = await consumer({ Records }, { getRemainingTimeInMillis: () => 60_000 });
    const back = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const message of taken) if (!back.has(message.id)) this.waiting.splice(this.waiting.indexOf(message), 1);
    return Records.length;
  }
}
