import type { IncomingHttpHeaders } from "node:http";
import * as z from "zod";

/** A request of a function to AWS, as far as faults care. */
export interface AwsCall {
  readonly service: "dynamodb" | "sqs" | "s3" | "other";
  /** Such as `UpdateItem`; for S3 the HTTP method. */
  readonly operation: string;
  /** Of the address; for S3 it names bucket and key. */
  readonly path: string;
  readonly body: Buffer;
}

/** Reads what a request asks for from its headers. */
export const awsCallOf = (headers: IncomingHttpHeaders, method: string, path: string, body: Buffer): AwsCall => {
  const [target = "", operation = ""] = String(headers["x-amz-target"] ?? "").split(".");
  if (target.startsWith("DynamoDB_")) return { service: "dynamodb", operation, path, body };
  if (target === "AmazonSQS") return { service: "sqs", operation, path, body };
  if (target === "") return { service: "s3", operation: method, path, body };
  return { service: "other", operation, path, body };
};

/** Whether a consumer records what came of its batches. */
export const recordsOutcomes = ({ operation, body }: AwsCall): boolean =>
  operation === "TransactWriteItems" && body.includes("version = :version");

/** Whether the reader of uploaded files is asking: for a file, or for the rows that say what is to be done with it. */
export const readsUploads = ({ service, operation, path, body }: AwsCall): boolean =>
  service === "s3"
    ? operation === "GET" && path.includes("/uploads/")
    : service === "dynamodb" && (body.includes('"dry-run#') || body.includes('":ingesting"'));

const TransactionSchema = z.object({ TransactItems: z.array(z.unknown()) });

/** How many items a TransactWriteItems call holds. */
export const transactionSize = ({ body }: AwsCall): number =>
  TransactionSchema.parse(JSON.parse(body.toString("utf8"))).TransactItems.length;
