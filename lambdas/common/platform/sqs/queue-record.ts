import type * as z from "zod";
import { parseJson } from "../../core/parse-json.ts";
import { boundedText } from "../../core/text/bounded-text.ts";
import { wellFormed } from "../../core/text/well-formed.ts";

/** A record as the event source of SQS hands it over, as far as consumers read it. */
export interface RawRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
}

/** A record whose body its consumer can read. */
export interface QueueRecord<Message> {
  readonly messageId: string;
  readonly receiptHandle: string;
  /** Times it was received, from 1. */
  readonly receiveCount: number;
  readonly message: Message;
}

/** A record, or what is wrong with its body. */
export type ReadRecord<Message> =
  | { readonly kind: "readable"; readonly record: QueueRecord<Message> }
  | { readonly kind: "unreadable"; readonly problem: string };

/** Longest problem of an unreadable body, in bytes: it may name as many fields as the body has. */
const MAX_PROBLEM_BYTES = 2_048;

/**
 * Reads a record by the schema of its consumer's messages. The problem of an unreadable one never holds the body. Half of a
 * surrogate pair, which a JSON escape can carry and no table takes, is read as U+FFFD: who cut a text in the middle of a
 * character sent a message all the same, and can be answered. Our own messages hold none.
 */
export const readRecord = <Message>(schema: z.ZodType<Message>, raw: RawRecord): ReadRecord<Message> => {
  const body = wellFormed(parseJson(raw.body));
  if (body === undefined) return { kind: "unreadable", problem: "the body is not JSON" };
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    const problem = `the body is not a message of this queue (${problems.join("; ")})`;
    return { kind: "unreadable", problem: boundedText(problem, MAX_PROBLEM_BYTES) };
  }
  return {
    kind: "readable",
    record: {
      messageId: raw.messageId,
      receiptHandle: raw.receiptHandle,
      receiveCount: Number(raw.attributes.ApproximateReceiveCount),
      message: parsed.data,
    },
  };
};
