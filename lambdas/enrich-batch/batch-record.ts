import type { SQSRecord } from "aws-lambda";
import { type BatchMessage, BatchMessageSchema } from "../core/batches/batch-message.ts";
import { ValidationError } from "../core/errors.ts";

/** A wake-up as it came out of the queue. */
export interface BatchRecord {
  readonly message_id: string;
  readonly receipt_handle: string;
  /** Times it was received, from 1. */
  readonly receive_count: number;
  readonly message: BatchMessage;
}

/**
 * Reads one record.
 * @throws ValidationError when the body is not a message v1; the record then fails until it lands in the
 * dead-letter queue. The body itself is never logged.
 */
export const readBatchRecord = (record: SQSRecord): BatchRecord => {
  let body: unknown;
  try {
    body = JSON.parse(record.body);
  } catch (error) {
    throw new ValidationError("the message body is not JSON", { code: "unreadable_message", cause: error });
  }
  const parsed = BatchMessageSchema.safeParse(body);
  if (!parsed.success) {
    throw new ValidationError("the message body is not a batch message v1", {
      code: "unreadable_message",
      errors: parsed.error.issues.map((issue) => ({ field: issue.path.join("."), problem: issue.message })),
    });
  }
  return {
    message_id: record.messageId,
    receipt_handle: record.receiptHandle,
    receive_count: Number(record.attributes.ApproximateReceiveCount),
    message: parsed.data,
  };
};
