import type { SQSEvent } from "aws-lambda";
import { createHandler } from "../../../lambdas/ingest-catalog/handler.ts";
import { CATALOG_ID, CONTEXT, fakeDeps, type World } from "./fake-deps.ts";

/** The body of a message that says that this object was put. */
export const s3Event = (key: string) =>
  JSON.stringify({ "detail-type": "Object Created", source: "aws.s3", detail: { object: { key, size: 3 } } });

/** What the function gets when SQS delivers these bodies. @param received deliveries so far, this one included */
export const event = (received: number, ...bodies: readonly string[]): SQSEvent => ({
  Records: bodies.map((body, index) => ({
    messageId: `m${index}`,
    receiptHandle: `r${index}`,
    body,
    attributes: {
      ApproximateReceiveCount: String(received),
      SentTimestamp: "0",
      SenderId: "s",
      ApproximateFirstReceiveTimestamp: "0",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn",
    awsRegion: "us-east-1",
  })),
});

/** Delivers the message about an upload to a handler with these fakes. */
export const deliver = async (changes: Partial<World> = {}, received = 1) => {
  const { deps, world } = fakeDeps(changes);
  const answer = await createHandler(deps)(event(received, s3Event(`uploads/${CATALOG_ID}`)), CONTEXT);
  return { world, deps, failed: answer.batchItemFailures.length };
};
