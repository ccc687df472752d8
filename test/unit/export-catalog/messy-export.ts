import type { SQSEvent } from "aws-lambda";
import { parse } from "csv-parse/sync";
import type { Deps } from "../../../lambdas/export-catalog/deps.ts";
import { createHandler } from "../../../lambdas/export-catalog/handler.ts";
import { asinNumber } from "../../helpers/rows.ts";
import type { ExportWorld } from "../../helpers/worlds/export-world.ts";
import { MESSAGE, resultOf } from "./fixture.ts";

const event = (body: string, receiveCount = 1): SQSEvent => ({
  Records: [
    {
      messageId: "m-1",
      receiptHandle: "r-1",
      body,
      attributes: {
        ApproximateReceiveCount: String(receiveCount),
        SentTimestamp: "0",
        SenderId: "s",
        ApproximateFirstReceiveTimestamp: "0",
      },
      messageAttributes: {},
      md5OfBody: "",
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:exports",
      awsRegion: "us-east-1",
    },
  ],
});
/** Delivers one message as the event source does. */
export const deliver = (deps: Deps, body: string = JSON.stringify(MESSAGE), receiveCount = 1) =>
  createHandler(deps)(event(body, receiveCount), { getRemainingTimeInMillis: () => 60_000 });
/** The answer that sends the message back. */
export const AGAIN = { batchItemFailures: [{ itemIdentifier: "m-1" }] };
/** The answer that acknowledges the message. */
export const DONE = { batchItemFailures: [] };

/** The rows of the export that was written. */
export const records = (world: ExportWorld): Record<string, string>[] =>
  parse(resultOf(world), { bom: true, columns: true, record_delimiter: "\r\n" });

/** A catalog with columns of its own, bad rows, doubles and two shops. */
export const MESSY = [
  "sku,ASIN,marketplace,title,note",
  `s1,${asinNumber(1)},amazon.com,mine,=1+1`,
  `s2,${asinNumber(2)},amazon.de,,"a ""b"", c"`,
  `s3,nonsense,,x,`,
  `s4,${asinNumber(7)},amazon.com,y,+49`,
  `s5, ${asinNumber(1).toLowerCase()} ,amazon.com,twice,-`,
  `s6,${asinNumber(1)},amazon.de,other shop,@x,surplus`,
  `s7,${asinNumber(8)}`,
  "",
  `s8,${asinNumber(9)},amazon.com,z,"two\nlines"`,
].join("\n");
