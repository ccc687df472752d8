import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { type LetterQueue, LetterQueueSchema } from "../../../lambdas/common/core/dead-letters/letter-queues.ts";

/** A dead-letter queue, and what is known of where its messages come from. */
export interface RegisteredDeadLetters {
  readonly name: LetterQueue;
  readonly queue: IQueue;
  /** The queue that its messages go back to; absent: none of ours. */
  readonly source?: IQueue;
  /** Log group of who reads that queue; absent: nobody of ours does. */
  readonly logGroupName?: string;
}

/**
 * Every dead-letter queue of a stage. What monitors one registers it here, so that `handle-dead-letters` knows each that has an alarm.
 *
 * @example
 * alarms.deadLetters.add({ name: "enrich", queue, source });
 */
export class DeadLetterRegistry {
  readonly #entries = new Map<LetterQueue, RegisteredDeadLetters>();

  /** @throws Error when the name is taken */
  add(entry: RegisteredDeadLetters): void {
    if (this.#entries.has(entry.name)) throw new Error(`there are two dead-letter queues ${entry.name}`);
    this.#entries.set(entry.name, entry);
  }

  /** Says who reads the queue that messages come from. Another queue's reader is passed over. */
  readBy(source: IQueue, logGroupName: string): void {
    for (const [name, entry] of this.#entries) {
      if (entry.source === source) this.#entries.set(name, { ...entry, logGroupName });
    }
  }

  /** All of them, in the order of their names in the code. */
  get entries(): readonly RegisteredDeadLetters[] {
    return LetterQueueSchema.options.flatMap((name) => this.#entries.get(name) ?? []);
  }
}
