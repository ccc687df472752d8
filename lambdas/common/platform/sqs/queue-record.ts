import type * as z from "zod";
import { parseJson } from "../../core/parse-json.ts";

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

/** Reads a record by the schema of its consumer's messages. The problem of an unreadable one never holds the body. */
export const readRecord = <Message>(schema: z.ZodType<Message>, raw: RawRecord): ReadRecord<Message> => {
  const body = parseJson(raw.body);
  if (body === undefined) return { kind: "unreadable", problem: "the body is not JSON" };
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
    return { kind: "unreadable", problem: `the body is not a message of this queue (${problems.join("; ")})` };
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
