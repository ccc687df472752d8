import { errorStack, errorWords } from "../../core/error-words.ts";
import { EnrichlineError, TransientError } from "../../core/errors.ts";
import { METRICS } from "../../core/metric-names.ts";
import type { ContextLog } from "../logger.ts";
import type { Meter } from "../metrics.ts";
import type { ConsumedQueue, ReceivingQueue } from "./consumed-queue.ts";
import type { Consumer, ReceiveMore, Unfinished } from "./consumer.ts";
import { correlationOf } from "./correlation-of.ts";
import { type QueueRecord, type RawRecord, readRecord } from "./queue-record.ts";

/** When an unreadable record is delivered again. Time does not change its body: the dead-letter queue may have it soon. */
const UNREADABLE_BACK_SECONDS = 3;
/** So long after its time limit an invocation has surely ended, and the leases that it took are over. */
const SURELY_ENDED_SECONDS = 15;
/** From this delivery on a record may be poison: it runs last and alone. */
const SUSPECT_FROM = 3;

/** What every consumer's handler works with. */
export interface HandlerDeps {
  /** The queue that the records came from. */
  readonly queue: ConsumedQueue;
  readonly log: ContextLog;
  readonly meter: Pick<Meter, "count" | "flush">;
}

/** What Lambda hands over: records of one queue. */
export interface QueueEvent {
  readonly Records: readonly RawRecord[];
}

/** The records that the event source gives back to the queue; it deletes all others. */
export interface PartialBatchResponse {
  batchItemFailures: { itemIdentifier: string }[];
}

/** The part of Lambda's context that a handler reads. */
export interface RemainingTime {
  getRemainingTimeInMillis(): number;
}

/**
 * The handler of a queue's consumer. A record is done, or it comes back by the partial batch response: a failed one after
 * a time that fits its failure, an unreadable one after 3 s. A record that was received three times or more may be what
 * took the process down: such records run last, each alone, after everything that is done was deleted. Records that the work
 * received itself are deleted or hidden here, because the event source knows nothing of them. Safe to deliver any record
 * any number of times, if the consumer's work is.
 */
export const createBatchHandler =
  <Message>(deps: HandlerDeps, consumer: Consumer<Message>) =>
  async (event: QueueEvent, context: RemainingTime): Promise<PartialBatchResponse> => {
    const invocation = new Invocation(deps, consumer, () => context.getRemainingTimeInMillis());
    try {
      await invocation.run(event.Records);
    } finally {
      if (invocation.failures > 0) deps.meter.count(METRICS.RECORD_FAILED, invocation.failures);
      deps.meter.flush();
    }
    return { batchItemFailures: invocation.open.map((itemIdentifier) => ({ itemIdentifier })) };
  };

const isSuspect = ({ receiveCount }: { readonly receiveCount: number }): boolean => receiveCount >= SUSPECT_FROM;

const EVERYTHING_DONE: Unfinished<never> = { failed: [], leased: [] };

class Invocation<Message> {
  /** Message ids of records of the event that are not done. Lambda takes an id that it does not know for a failure of all. */
  readonly open: string[] = [];
  /** Records that are not done, also those that were received beside the event. */
  failures = 0;
  readonly #deps: HandlerDeps;
  readonly #consumer: Consumer<Message>;
  readonly #remainingMs: () => number;
  /** Receipt handles of records that are done and not deleted yet. */
  #done: string[] = [];
  /** Message ids of records that were received beside the event. */
  readonly #received = new Set<string>();
  /** Suspects among them. */
  readonly #receivedSuspects: QueueRecord<Message>[] = [];

  constructor(deps: HandlerDeps, consumer: Consumer<Message>, remainingMs: () => number) {
    this.#deps = deps;
    this.#consumer = consumer;
    this.#remainingMs = remainingMs;
  }

  async run(rawRecords: readonly RawRecord[]): Promise<void> {
    if (this.#consumer.hidden === "invocation") await this.#hide(rawRecords);
    const records = await this.#read(rawRecords);
    const clean = records.filter((record) => !isSuspect(record));
    if ("together" in this.#consumer.work) await this.#settle(clean, this.#consumer.work.from);
    else for (const record of clean) await this.#settle([record]);
    for (const suspect of [...records.filter(isSuspect), ...this.#receivedSuspects]) await this.#settleAlone(suspect);
  }

  /** All of them at once: the last one waits for the others, and would stay with a worker that dies before it. */
  async #hide(rawRecords: readonly RawRecord[]): Promise<void> {
    const seconds = Math.ceil(this.#remainingMs() / 1_000) + SURELY_ENDED_SECONDS;
    try {
      await this.#deps.queue.changeVisibilities(
        rawRecords.map(({ receiptHandle }) => receiptHandle),
        seconds,
      );
    } catch (error) {
      this.#deps.log.warn("records would come back late if this worker died", { error: errorWords(error) });
    }
  }

  async #read(rawRecords: readonly RawRecord[]): Promise<QueueRecord<Message>[]> {
    const records: QueueRecord<Message>[] = [];
    for (const raw of rawRecords) {
      const read = readRecord(this.#consumer.schema, raw);
      if (read.kind === "readable") {
        records.push(read.record);
        continue;
      }
      this.#noteOpen(raw.messageId);
      this.#deps.meter.count(METRICS.RECORD_INVALID, 1);
      this.#deps.log.error("record is unreadable and will end in the dead-letter queue", {
        message_id: raw.messageId,
        error: read.problem,
      });
      await this.#comeBack(raw, UNREADABLE_BACK_SECONDS);
    }
    return records;
  }

  /** What is done is deleted first: if the suspect takes the process down, it must not come back with it. */
  async #settleAlone(suspect: QueueRecord<Message>): Promise<void> {
    try {
      if (this.#done.length > 0) await this.#deps.queue.remove(this.#done);
    } catch (error) {
      await this.#giveBack({ failed: [{ record: suspect, error }], leased: [] });
      return;
    }
    this.#done = [];
    await this.#settle([suspect]);
  }

  async #settle(records: readonly QueueRecord<Message>[], from?: ReceivingQueue): Promise<void> {
    if (records.length === 0) return;
    const all = [...records];
    const receiveMore: ReceiveMore<Message> = async (most, waitSeconds) => {
      if (!from) return [];
      const raw = await from.receive(most, waitSeconds);
      for (const { messageId } of raw) this.#received.add(messageId);
      const more = await this.#read(raw);
      this.#receivedSuspects.push(...more.filter(isSuspect));
      const clean = more.filter((record) => !isSuspect(record));
      all.push(...clean);
      return clean;
    };
    const correlation = correlationOf(records.map(({ message }) => this.#consumer.logFields(message)));
    await this.#deps.log.during(correlation, async () => {
      const unfinished = await this.#work(records, all, receiveMore);
      const open = new Set([...unfinished.failed, ...unfinished.leased].map(({ record }) => record));
      const done = all.filter((record) => !open.has(record));
      const isReceived = ({ messageId }: QueueRecord<Message>): boolean => this.#received.has(messageId);
      this.#done.push(...done.filter((record) => !isReceived(record)).map(({ receiptHandle }) => receiptHandle));
      await this.#giveBack(unfinished);
      await this.#removeReceived(done.filter(isReceived));
    });
  }

  /** @param all the records, and those that the work receives */
  async #work(
    records: readonly QueueRecord<Message>[],
    all: readonly QueueRecord<Message>[],
    receiveMore: ReceiveMore<Message>,
  ): Promise<Unfinished<Message>> {
    const { work } = this.#consumer;
    try {
      if ("together" in work) return await work.together(records, this.#remainingMs, receiveMore);
      for (const record of records) await work.each(record, this.#remainingMs);
      return EVERYTHING_DONE;
    } catch (error) {
      return { failed: all.map((record) => ({ record, error })), leased: [] };
    }
  }

  async #giveBack({ failed, leased }: Unfinished<Message>): Promise<void> {
    for (const { record } of [...failed, ...leased]) this.#noteOpen(record.messageId);
    await Promise.all([
      ...leased.map(({ record, seconds }) => this.#comeBack(record, seconds)),
      ...failed.map(async ({ record, error }) => {
        this.#logFailure(record, error);
        await this.#comeBack(record, this.#secondsUntilBack(record, error));
      }),
    ]);
  }

  /** An error that knows when its cause is over counts more than the consumer's back-off. */
  #secondsUntilBack(record: QueueRecord<Message>, error: unknown): number {
    const asked = error instanceof TransientError ? error.retryAfterSeconds : undefined;
    return asked ?? this.#consumer.backOffSeconds(record);
  }

  /** Faults that pass by themselves are a line; those that nobody expected bring their stack. */
  #logFailure({ messageId, message }: QueueRecord<Message>, error: unknown): void {
    const fields = { message_id: messageId, ...this.#consumer.logFields(message) };
    if (error instanceof EnrichlineError && error.retryable) {
      this.#deps.log.warn("record failed for now, it comes back", { ...fields, error: errorWords(error) });
      return;
    }
    this.#deps.log.error("record failed, it comes back", { ...fields, error: errorStack(error) });
  }

  #noteOpen(messageId: string): void {
    this.failures += 1;
    if (!this.#received.has(messageId)) this.open.push(messageId);
  }

  /** One that cannot be deleted comes back, and finds its work done. */
  async #removeReceived(records: readonly QueueRecord<Message>[]): Promise<void> {
    if (records.length === 0) return;
    try {
      await this.#deps.queue.remove(records.map(({ receiptHandle }) => receiptHandle));
    } catch (error) {
      this.#deps.log.warn("records that are done come back once more", {
        records: records.length,
        error: errorWords(error),
      });
    }
  }

  /** If the time cannot be set, the record waits the queue's visibility timeout out. */
  async #comeBack({ messageId, receiptHandle }: Pick<RawRecord, "messageId" | "receiptHandle">, seconds: number) {
    try {
      await this.#deps.queue.changeVisibility(receiptHandle, seconds);
    } catch (error) {
      this.#deps.log.warn("record comes back late", { message_id: messageId, error: errorWords(error) });
    }
  }
}
