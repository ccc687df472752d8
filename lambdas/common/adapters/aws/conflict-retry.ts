import { setTimeout as pause } from "node:timers/promises";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { isPassingConflict } from "./sdk-errors.ts";

/** Attempts in all, the first included: with the waits between them 4.5 s at most, half of it on average. */
const MAX_ATTEMPTS = 8;
const FIRST_WAIT_MS = 40;
const MAX_WAIT_MS = 2_000;

/** What waits between two attempts. */
export interface RetryTools {
  /** Waits so many milliseconds. */
  readonly sleep: (ms: number) => Promise<unknown>;
  /** From 0 to less than 1. */
  readonly random: () => number;
}

/** Timer and chance of the machine. */
export const MACHINE_TOOLS: RetryTools = { sleep: pause, random: Math.random };

/**
 * Makes a call again while it is refused only because a transaction is under way on one of its items, or because a
 * transaction was short of throughput. Waits grow and vary wholly, so that writers of one item do not meet again.
 * @throws what the call throws otherwise, and what the last attempt throws; `translateSdkError` makes that transient
 */
export const retryConflicts = async <T>(call: () => Promise<T>, { sleep, random }: RetryTools): Promise<T> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt === MAX_ATTEMPTS || !isPassingConflict(error)) throw error;
      await sleep(random() * Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)));
    }
  }
};

/**
 * Lets every call of a client be retried so; the SDK takes a conflict for a mistake of the caller and makes one attempt.
 * It stands before the request is written, so that a transaction that was cancelled is sent as a new one: only the SDK's
 * own repeats, after an answer that was lost, carry the token of the first.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const withConflictRetry = (client: DynamoDBClient, tools: RetryTools = MACHINE_TOOLS): DynamoDBClient => {
  client.middlewareStack.add((next) => (args) => retryConflicts(() => next(args), tools), {
    step: "initialize",
    name: "conflictRetry",
  });
  return client;
};
