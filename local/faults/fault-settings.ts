import * as z from "zod";
import {
  dynamoAnswersLost,
  dynamoFailing,
  dynamoThrottled,
  readsUnprocessed,
  transactionConflicts,
  writeConflicts,
} from "./dynamo-troubles.ts";
import type { Trouble } from "./fault.ts";
import { s3Failing, s3Slow } from "./object-troubles.ts";
import { AWS_PAGE_BYTES } from "./page-ends.ts";
import { sqsDelayed, sqsDoubled, sqsFailing, sqsPartlyRefused } from "./queue-troubles.ts";

/** Each trouble by the switch that begins it; its share of the calls is the switch's value. */
const TROUBLES = {
  dynamodb_throttled: dynamoThrottled,
  dynamodb_failing: dynamoFailing,
  dynamodb_answers_lost: dynamoAnswersLost,
  dynamodb_keys_unprocessed: readsUnprocessed,
  transactions_conflicting: transactionConflicts,
  writes_conflicting: writeConflicts,
  s3_failing: s3Failing,
  s3_slow: s3Slow,
  sqs_failing: sqsFailing,
  sqs_late: sqsDelayed,
  sqs_twice: sqsDoubled,
  sqs_partly_refused: sqsPartlyRefused,
} as const satisfies Readonly<Record<string, (share: number) => Trouble>>;
type Switch = keyof typeof TROUBLES;
const SWITCHES = Object.keys(TROUBLES) as Switch[];

const share = z.number().min(0).max(1).default(0);
const shares = z.strictObject({
  dynamodb_throttled: share,
  dynamodb_failing: share,
  dynamodb_answers_lost: share,
  dynamodb_keys_unprocessed: share,
  transactions_conflicting: share,
  writes_conflicting: share,
  s3_failing: share,
  s3_slow: share,
  sqs_failing: share,
  sqs_late: share,
  sqs_twice: share,
  sqs_partly_refused: share,
} satisfies Record<Switch, typeof share>);

/** Switches of the fault layer: a share of calls for each trouble, 0 to 1. */
export const FaultSettingsSchema = shares.extend({
  /** Bytes after which the page of a Query or Scan ends. At the default the emulator ends it, as DynamoDB does. */
  page_bytes: z.number().int().min(1).max(AWS_PAGE_BYTES).default(AWS_PAGE_BYTES),
  /** What the draws depend on: the same calls in the same order meet the same troubles. */
  seed: z.number().int().min(0).default(0),
});
export type FaultSettings = z.infer<typeof FaultSettingsSchema>;

/** The troubles that settings begin. */
export const troublesOf = (settings: FaultSettings): Trouble[] =>
  SWITCHES.filter((name) => settings[name] > 0).map((name) => TROUBLES[name](settings[name]));
