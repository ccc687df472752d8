import type { LetterStore } from "../../adapters/dynamodb/dead-letters/letter-store.ts";
import type { DeadLetterQueues, DeadMessage } from "../../adapters/sqs/dead-letter-queues.ts";
import { type Clock, isoTime } from "../../core/clock.ts";
import type { Letter } from "../../core/dead-letters/letter.ts";
import { letterError } from "../../core/dead-letters/letter-error.ts";
import { letterFacts } from "../../core/dead-letters/letter-facts.ts";
import type { LetterSource } from "../../core/dead-letters/letter-queues.ts";
import { REDRIVE_ATTRIBUTE, readRedriveMark } from "../../core/dead-letters/redrive-mark.ts";
import { withoutContent } from "../../core/dead-letters/without-content.ts";
import { errorStack } from "../../core/error-words.ts";
import { EnrichlineError, StaleWriteError } from "../../core/errors.ts";
import { utf8Bytes } from "../../core/text/bounded-text.ts";
import type { Log } from "../../platform/logger.ts";
import { changedLetter, jobItem, outcomeOf } from "./letter-changes.ts";

/** Times that a letter is read anew when somebody changed it at the same moment. */
const TRIES = 5;

/** What collecting works with. */
export interface CollectDeps {
  readonly letters: Pick<LetterStore, "create" | "get" | "replace">;
  readonly queues: Pick<DeadLetterQueues, "receive" | "remove">;
  readonly sources: readonly LetterSource[];
  readonly clock: Clock;
  readonly log: Pick<Log, "info" | "warn" | "error">;
}

/** What became of messages that were found dead. */
export interface CollectReport {
  /** New letters. */
  collected: number;
  /** Letters that came back after a redrive. */
  returned: number;
  /** Copies of what is kept already. */
  repeated: number;
}

/**
 * Takes what lies in the dead-letter queues into the table, until they are empty or the time is over. A message is deleted only after its
 * row is there; one that comes twice is kept once. A queue that fails keeps no other from being read. Safe to run by many at once.
 * @throws Error the first fault, after all queues were tried
 */
export const collectLetters = async (deps: CollectDeps, untilMs: number): Promise<CollectReport> => {
  const report: CollectReport = { collected: 0, returned: 0, repeated: 0 };
  const results = await Promise.allSettled(
    deps.sources.map(async (source) => {
      try {
        await collectQueue(deps, source, untilMs, report);
      } catch (error) {
        deps.log.error("dead letters cannot be collected", { queue: source.name, error: errorStack(error) });
        throw error;
      }
    }),
  );
  const failed = results.find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
  return report;
};

/** @throws Error the first fault, after all messages were tried; one that passes ends the queue's turn at once */
const collectQueue = async (
  deps: CollectDeps,
  source: LetterSource,
  untilMs: number,
  report: CollectReport,
): Promise<void> => {
  const faults = new Map<string, unknown>();
  do {
    const messages = await deps.queues.receive(source.dlq);
    // What cannot be kept comes again in half a minute, when it is all that is left.
    if (messages.every(({ messageId }) => faults.has(messageId))) break;
    const kept: string[] = [];
    try {
      for (const message of messages) {
        const fault = await faultOfKeeping(deps, source, message, report);
        if (fault === undefined) kept.push(message.receiptHandle);
        else faults.set(message.messageId, fault);
      }
    } finally {
      // What is kept is deleted although another one failed.
      await deps.queues.remove(source.dlq, kept);
    }
  } while (deps.clock.now() < untilMs);
  const [first] = faults.values();
  if (first !== undefined) throw first;
};

/** Keeps a message. @returns why it never can be; undefined: it is kept @throws TransientError when the table takes nothing now */
const faultOfKeeping = async (
  deps: CollectDeps,
  source: LetterSource,
  message: DeadMessage,
  report: CollectReport,
): Promise<unknown> => {
  try {
    report[await keep(deps, source, message)] += 1;
    return undefined;
  } catch (error) {
    if (error instanceof EnrichlineError && error.retryable) throw error;
    const fields = { queue: source.name, message_id: message.messageId, error: errorStack(error) };
    deps.log.error("a dead letter cannot be kept", fields);
    return error ?? new Error("a dead letter cannot be kept");
  }
};

const keep = async (deps: CollectDeps, source: LetterSource, message: DeadMessage): Promise<keyof CollectReport> => {
  const mark = readRedriveMark(message.attributes[REDRIVE_ATTRIBUTE]?.value);
  if (mark) {
    const kept = await takeBack(deps, source, message, mark.letterId, mark.attempt);
    if (kept) return kept;
  }
  const body = withoutContent(source.name, message.body);
  const letter = newLetter(deps, source, { ...message, body });
  if (!(await deps.letters.create(letter, body))) return "repeated";
  const { queue, letter_key, error, catalog_id, batch_id, correlation_id } = letter;
  deps.log.warn("a message was given up", {
    ...{ queue, message_id: letter_key, error_code: error.code },
    ...{ catalog_id, batch_id, correlation_id },
  });
  return "collected";
};

/** Where it failed, and why, now. */
const failureOf = ({ clock }: Pick<CollectDeps, "clock">, source: LetterSource, message: DeadMessage) => ({
  dead_at: isoTime(clock.now()),
  receive_count: message.receiveCount,
  error: letterError(source.name, message),
  log_group: source.logs,
});

const newLetter = (deps: CollectDeps, source: LetterSource, message: DeadMessage): Letter => {
  const { [REDRIVE_ATTRIBUTE]: _, ...attributes } = message.attributes;
  return {
    letter_key: message.messageId,
    part: "letter",
    queue: source.name,
    state: "open",
    sent_at: isoTime(message.sentAtMs ?? deps.clock.now()),
    ...failureOf(deps, source, message),
    ...letterFacts(message.body),
    body_bytes: utf8Bytes(message.body),
    attributes,
    group_id: message.groupId,
    attempt: 0,
    job_id: null,
    outcome_words: null,
  };
};

/**
 * Opens the letter again that a message repeats. A copy of an attempt that is kept already, of an earlier one, or of a letter that was
 * discarded since changes nothing.
 * @returns undefined when no such letter is kept
 */
const takeBack = async (
  deps: CollectDeps,
  source: LetterSource,
  message: DeadMessage,
  letterId: string,
  attempt: number,
): Promise<keyof CollectReport | undefined> => {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const seen = await deps.letters.get(letterId);
    if (!seen) return undefined;
    const before = outcomeOf(seen);
    if (before === undefined || before === "discarded" || attempt < seen.attempt) return "repeated";
    const nowMs = deps.clock.now();
    const failure = failureOf(deps, source, message);
    const words = `it came back: ${failure.error.code}`;
    const letter = changedLetter(seen, { ...failure, state: "open", outcome_words: words }, nowMs);
    const item = jobItem(letter, "failed_again", { words, nowMs });
    const effect = seen.job_id === null ? undefined : { jobId: seen.job_id, item, before };
    if (await deps.letters.replace(seen, letter, effect)) {
      deps.log.warn("a message was given up again", { queue: source.name, message_id: letterId, attempt });
      return "returned";
    }
  }
  throw new StaleWriteError(`the dead letter ${letterId} changes all the time`);
};
