import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { ExportMessage } from "../../../lambdas/common/core/exports/export-message.ts";
import type { ExportWorld } from "../worlds/export-world.ts";

type Handler = (event: SQSEvent, context: Pick<Context, "getRemainingTimeInMillis">) => Promise<SQSBatchResponse>;

interface Waiting {
  readonly id: string;
  readonly body: string;
  visibleAtMs: number;
  receives: number;
}

const VISIBILITY_MS = 900_000;
const MAX_RECEIVES = 5;
/** More deliveries than any export of a test needs: something goes round. */
const TOO_MANY = 500;

/**
 * The `exports` queue as SQS would be: delays, visibility, receive counts, and a queue of what it gave up. A handler that
 * throws is a function that was killed.
 */
export class MemoryExportQueue {
  readonly dead: ExportMessage[] = [];
  deliveries = 0;
  readonly #world: ExportWorld;
  readonly #waiting: Waiting[] = [];
  #ids = 0;

  constructor(world: ExportWorld) {
    this.#world = world;
  }

  async send(message: ExportMessage, delaySeconds = 0): Promise<void> {
    this.#ids += 1;
    const visibleAtMs = this.#world.nowMs + delaySeconds * 1000;
    this.#waiting.push({ id: `m-${this.#ids}`, body: JSON.stringify(message), visibleAtMs, receives: 0 });
  }

  async changeVisibility(receiptHandle: string, seconds: number): Promise<void> {
    const found = this.#waiting.find(({ id }) => id === receiptHandle);
    if (found) found.visibleAtMs = this.#world.nowMs + seconds * 1000;
  }

  /** Delivers what is next, as late as it must be. False when nothing waits any more. */
  async deliverNext(handler: Handler, remainingMs: number): Promise<boolean> {
    const next = this.#waiting.toSorted((a, b) => a.visibleAtMs - b.visibleAtMs)[0];
    if (!next) return false;
    this.#world.nowMs = Math.max(this.#world.nowMs, next.visibleAtMs);
    if (next.receives === MAX_RECEIVES) {
      this.dead.push(JSON.parse(next.body) as ExportMessage);
      this.#forget(next);
      return true;
    }
    this.deliveries += 1;
    next.receives += 1;
    next.visibleAtMs = this.#world.nowMs + VISIBILITY_MS;
    const context = { getRemainingTimeInMillis: () => remainingMs };
    const answer = await handler(this.#eventOf(next), context).catch(() => undefined);
    if (answer?.batchItemFailures.length === 0) this.#forget(next);
    return true;
  }

  /** Delivers until nothing waits any more. */
  async drain(handler: Handler, remainingMs: number): Promise<void> {
    while (await this.deliverNext(handler, remainingMs)) {
      if (this.deliveries > TOO_MANY) throw new Error("the messages go round for ever");
    }
  }

  #forget(message: Waiting): void {
    this.#waiting.splice(this.#waiting.indexOf(message), 1);
  }

  #eventOf({ id, body, receives }: Waiting): SQSEvent {
    const attributes = {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: "0",
      SenderId: "s",
      ApproximateFirstReceiveTimestamp: "0",
    };
    return {
      Records: [
        {
          messageId: id,
          receiptHandle: id,
          body,
          attributes,
          messageAttributes: {},
          md5OfBody: "",
          eventSource: "aws:sqs",
          eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:exports",
          awsRegion: "us-east-1",
        },
      ],
    };
  }
}
