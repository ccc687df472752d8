import type { IncomingHttpHeaders } from "node:http";
import * as z from "zod";

/** A request of a function to AWS, as far as faults care. */
export interface AwsCall {
  readonly service: "dynamodb" | "sqs" | "s3" | "other";
  /** Such as `UpdateItem`; for S3 the HTTP method. */
  readonly operation: string;
  /** Of the address; for S3 it names bucket and key. */
  readonly path: string;
  /** Of DynamoDB and SQS; empty for others, whose bodies flow through. */
  readonly body: Buffer;
}

type Target = Pick<AwsCall, "service" | "operation">;

/** Reads what a request is for from its headers. */
export const targetOf = (headers: IncomingHttpHeaders, method: string): Target => {
  const [target = "", operation = ""] = String(headers["x-amz-target"] ?? "").split(".");
  if (target.startsWith("DynamoDB_")) return { service: "dynamodb", operation };
  if (target === "AmazonSQS") return { service: "sqs", operation };
  if (target === "") return { service: "s3", operation: method };
  return { service: "other", operation };
};

const JsonSchema = z.record(z.string(), z.unknown());

/** The body of a request or an answer of DynamoDB or SQS. @throws Error when it is no JSON object */
export const jsonOf = (body: Buffer): Record<string, unknown> => JsonSchema.parse(JSON.parse(body.toString("utf8")));

/** The same as bytes. */
export const bytesOf = (json: Readonly<Record<string, unknown>>): Buffer => Buffer.from(JSON.stringify(json));

const TransactionSchema = z.object({
  TransactItems: z.array(z.record(z.string(), z.looseObject({ TableName: z.string().optional() }))),
});

/** Tables that the items of a TransactWriteItems call are in, one for each item. */
export const transactionTables = ({ body }: Pick<AwsCall, "body">): string[] =>
  TransactionSchema.parse(jsonOf(body)).TransactItems.map((item) => Object.values(item)[0]?.TableName ?? "");
