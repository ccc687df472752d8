import type { Seeded } from "../seeded.ts";
import { type AwsCall, readsUploads, recordsOutcomes, transactionSize } from "./aws-call.ts";

/** An answer that AWS never gave. */
export interface FaultAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/**
 * What happens to a call. An answer: it never reaches AWS. `lose-answer`: it takes effect, but the line is cut
 * before the answer. `cut`: the line is cut at once. `hang`: nobody ever answers.
 */
export type Fault = FaultAnswer | "lose-answer" | "cut" | "hang";

/** A kind of trouble: which calls it meets, and how. */
export interface Trouble {
  readonly name: string;
  /** Share of the calls that it meets, 0 to 1. */
  readonly share: number;
  /** Calls that it meets at most. @default no end */
  readonly most?: number;
  readonly meets: (call: AwsCall) => boolean;
  readonly fault: (call: AwsCall, random: Seeded) => Fault;
  /** Calls without which it has not struck, by who makes them. @default any call will do */
  readonly victims?: Readonly<Record<string, (call: AwsCall) => boolean>>;
}

const RECORDERS = { "recorded outcomes": recordsOutcomes };
const READERS = { "the reader of uploads": readsUploads };

const dynamoError = (status: number, name: string, extra: Record<string, unknown> = {}): FaultAnswer => ({
  status,
  type: "application/x-amz-json-1.0",
  body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: "made by the test", ...extra }),
});

const isDynamo = ({ service }: AwsCall): boolean => service === "dynamodb";

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
export const dynamoThrottled = (share: number): Trouble => ({
  name: "DynamoDB throttles",
  share,
  meets: isDynamo,
  victims: RECORDERS,
  fault: (_, random) =>
    dynamoError(400, random.next() < 0.5 ? "ThrottlingException" : "ProvisionedThroughputExceededException"),
});

export const dynamoFailing = (share: number): Trouble => ({
  name: "DynamoDB fails",
  share,
  meets: isDynamo,
  victims: { ...RECORDERS, ...READERS },
  fault: (_, random) => (random.next() < 0.3 ? "cut" : dynamoError(500, "InternalServerError")),
});

/** Writes that happen although the caller hears nothing of it. */
export const dynamoAnswersLost = (share: number): Trouble => ({
  name: "DynamoDB's answers get lost",
  share,
  meets: ({ service, operation }) => service === "dynamodb" && /^(Put|Update|TransactWrite)/.test(operation),
  victims: RECORDERS,
  fault: () => "lose-answer",
});

export const transactionConflicts = (share: number): Trouble => ({
  name: "transactions conflict",
  share,
  meets: ({ service, operation }) => service === "dynamodb" && operation === "TransactWriteItems",
  victims: RECORDERS,
  fault: (call) =>
    dynamoError(400, "TransactionCanceledException", {
      CancellationReasons: Array.from({ length: transactionSize(call) }, (_, index, all = transactionSize(call)) => ({
        // The run row comes last; it is the one that everybody writes.
        Code: index === all - 1 ? "TransactionConflict" : "None",
      })),
    }),
});

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const s3Failing = (share: number): Trouble => ({
  name: "S3 fails",
  share,
  meets: ({ service }) => service === "s3",
  victims: READERS,
  fault: (_, random) => {
    const code = random.next() < 0.5 ? "SlowDown" : "ServiceUnavailable";
    return {
      status: 503,
      type: "application/xml",
      body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>made by the test</Message></Error>`,
    };
  },
});

export const sqsFailing = (share: number): Trouble => ({
  name: "SQS fails",
  share,
  meets: ({ service }) => service === "sqs",
  fault: (_, random) =>
    random.next() < 0.3
      ? "lose-answer"
      : {
          status: 500,
          type: "application/x-amz-json-1.0",
          body: JSON.stringify({ __type: "com.amazonaws.sqs#InternalFailure", message: "made by the test" }),
        },
});

/** A few records of outcomes that nobody ever answers: the caller must give up waiting by itself. */
export const writesHang = (most: number): Trouble => ({
  name: "writes hang",
  share: 0.5,
  most,
  meets: recordsOutcomes,
  fault: () => "hang",
});

/** The same trouble for one kind of victim alone, and for each of their calls. Told apart by its name. */
export const focused = (trouble: Trouble, victim: string, isVictim: (call: AwsCall) => boolean): Trouble => ({
  ...trouble,
  name: `${trouble.name}: ${victim}`,
  share: 1,
  meets: (call) => trouble.meets(call) && isVictim(call),
});
