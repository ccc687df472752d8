import type { IncomingHttpHeaders } from "node:http";
import * as z from "zod";

/** A request of a function to AWS, as far as faults care. */
export interface AwsCall {
  readonly service: "dynamodb" | "sqs" | "s3" | "other";
  /** Such as `UpdateItem`; for S3 the HTTP method. */
  readonly operation: string;
  readonly body: Buffer;
}

/** Reads what a request asks for from its headers. */
export const awsCallOf = (headers: IncomingHttpHeaders, method: string, body: Buffer): AwsCall => {
  const [target = "", operation = ""] = String(headers["x-amz-target"] ?? "").split(".");
  if (target.startsWith("DynamoDB_")) return { service: "dynamodb", operation, body };
  if (target === "AmazonSQS") return { service: "sqs", operation, body };
  if (target === "") return { service: "s3", operation: method, body };
  return { service: "other", operation, body };
};

const TransactionSchema = z.object({ TransactItems: z.array(z.unknown()) });

/** How many items a TransactWriteItems call holds. */
export const transactionSize = ({ body }: AwsCall): number =>
  TransactionSchema.parse(JSON.parse(body.toString("utf8"))).TransactItems.length;
