import type * as z from "zod";
import type { ReceivingQueue } from "./consumed-queue.ts";
import type { QueueRecord } from "./queue-record.ts";

/** A record that must be delivered again, and why. */
export interface FailedRecord<Message> {
  readonly record: QueueRecord<Message>;
  readonly error: unknown;
}

/** A record whose work another worker holds. */
export interface LeasedRecord<Message> {
  readonly record: QueueRecord<Message>;
  /** Until the lease is over. An earlier delivery would only use up one of those that the record has. */
  readonly seconds: number;
}

/** The records of a group that are not done. All others are. */
export interface Unfinished<Message> {
  /** They come back after the time of their error, else after the consumer's back-off. */
  readonly failed: readonly FailedRecord<Message>[];
  /** They come back when the lease is over: its holder may have died. */
  readonly leased: readonly LeasedRecord<Message>[];
}

/** Does the work of one record: resolves when the record is done, throws when it must come back. */
export type WorkEach<Message> = (record: QueueRecord<Message>, remainingMs: () => number) => Promise<void>;

/**
 * Receives further records of the queue while the work is under way, up to `most`, and waits `waitSeconds` for the first one.
 * They belong to the work from then on, as those that it began with. None where the consumer has no queue to receive from.
 * @throws TransientError when the queue does not answer
 */
export type ReceiveMore<Message> = (most: number, waitSeconds: number) => Promise<readonly QueueRecord<Message>[]>;

/** Does the work of several records together. What it throws fails all of them. */
export type WorkTogether<Message> = (
  records: readonly QueueRecord<Message>[],
  remainingMs: () => number,
  receiveMore: ReceiveMore<Message>,
) => Promise<Unfinished<Message>>;

/** What one consumer of a queue has of its own; all else is the same for every consumer. */
export interface Consumer<Message> {
  /** Shape of the body, parsed from JSON. A body of another shape goes the way to the dead-letter queue. */
  readonly schema: z.ZodType<Message>;
  /** Fields that every log line about a record carries beside its message id. */
  readonly logFields: (message: Message) => Readonly<Record<string, unknown>> & { readonly correlation_id?: string };
  /**
   * Until when records are hidden, so that those of a worker that dies come back soon: the queue hides them for six time limits of its
   * function, as AWS recommends. `invocation`: until this invocation has surely ended, and so whatever it held. `by-work`: the work
   * hides each as long as it holds its lease, and no longer.
   */
  readonly hidden: "invocation" | "by-work";
  /** Seconds until a record that failed is delivered again. */
  readonly backOffSeconds: (record: QueueRecord<Message>) => number;
  /**
   * `each`: one record after the other. `together`: all records that are no suspects in one call; it may receive more of them
   * `from` the queue.
   */
  readonly work:
    | { readonly each: WorkEach<Message> }
    | { readonly together: WorkTogether<Message>; readonly from?: ReceivingQueue | undefined };
}
