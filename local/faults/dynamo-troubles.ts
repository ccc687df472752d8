import * as z from "zod";
import { type AwsCall, bytesOf, jsonOf, transactionTables } from "./aws-call.ts";
import type { ChangedCall, FaultAnswer, Trouble } from "./fault.ts";

const error = (status: number, name: string, extra: Record<string, unknown> = {}): FaultAnswer => ({
  status,
  type: "application/x-amz-json-1.0",
  body: JSON.stringify({
    __type: `com.amazonaws.dynamodb.v20120810#${name}`,
    message: "made by the fault layer",
    ...extra,
  }),
});

const isDynamo = ({ service }: AwsCall): boolean => service === "dynamodb";
const isOne =
  (...operations: readonly string[]) =>
  (call: AwsCall): boolean =>
    isDynamo(call) && operations.includes(call.operation);
const isTransaction = isOne("TransactWriteItems");
const isSingleWrite = isOne("PutItem", "UpdateItem", "DeleteItem");

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
export const dynamoThrottled = (share: number): Trouble => ({
  name: "DynamoDB throttles",
  share,
  meets: isDynamo,
  fault: (_, random) =>
    error(400, random.next() < 0.5 ? "ThrottlingException" : "ProvisionedThroughputExceededException"),
});

/** Faults of the service, and lines that are cut before the call has an effect. */
export const dynamoFailing = (share: number): Trouble => ({
  name: "DynamoDB fails",
  share,
  meets: isDynamo,
  fault: (_, random) => (random.next() < 0.3 ? "cut" : error(500, "InternalServerError")),
});

/** Writes that happen although the caller hears nothing of it. */
export const dynamoAnswersLost = (share: number): Trouble => ({
  name: "DynamoDB's answers get lost",
  share,
  meets: (call) => isTransaction(call) || isSingleWrite(call),
  fault: () => "lose-answer",
});

/** Transactions that meet another one, at the item that comes last: of outcomes that is the run, which everybody writes. */
export const transactionConflicts = (share: number): Trouble => ({
  name: "transactions conflict",
  share,
  meets: isTransaction,
  fault: (call) => {
    const items = transactionTables(call);
    return error(400, "TransactionCanceledException", {
      CancellationReasons: items.map((_, place) => ({
        Code: place === items.length - 1 ? "TransactionConflict" : "None",
      })),
    });
  },
});

const WriteSchema = z.looseObject({ TableName: z.string() });

/**
 * Single writes that meet a transaction on their item. Only in tables on which a transaction was seen since the trouble
 * began, as AWS does it: elsewhere nothing ever conflicts.
 */
export const writeConflicts = (share: number): Trouble => {
  const tables = new Set<string>();
  return {
    name: "writes conflict",
    share,
    meets: (call) => {
      if (isTransaction(call)) for (const table of transactionTables(call)) tables.add(table);
      return isSingleWrite(call) && tables.has(WriteSchema.parse(jsonOf(call.body)).TableName);
    },
    fault: () => error(400, "TransactionConflictException"),
  };
};

const BatchGetSchema = z.looseObject({
  RequestItems: z.record(z.string(), z.looseObject({ Keys: z.array(z.unknown()) })),
});

/** Keys of a BatchGetItem, each with its table. */
const keysOf = ({ body }: AwsCall): [string, unknown][] =>
  Object.entries(BatchGetSchema.parse(jsonOf(body)).RequestItems).flatMap(([table, { Keys }]) =>
    Keys.map((key): [string, unknown] => [table, key]),
  );

/** Reads of many keys that serve some of them and leave the rest unprocessed. One key alone is served, or throttled. */
export const readsUnprocessed = (share: number): Trouble => ({
  name: "DynamoDB leaves keys unprocessed",
  share,
  meets: (call) => isOne("BatchGetItem")(call) && keysOf(call).length > 1,
  fault: (call, random): ChangedCall => {
    const request = BatchGetSchema.parse(jsonOf(call.body));
    const keys = random.shuffled(keysOf(call));
    const served = random.whole(1, keys.length - 1);
    const wishFor = (chosen: readonly [string, unknown][]) =>
      Object.fromEntries(
        Object.entries(request.RequestItems).flatMap(([table, wish]) => {
          const Keys = chosen.filter(([name]) => name === table).map(([, key]) => key);
          return Keys.length === 0 ? [] : [[table, { ...wish, Keys }]];
        }),
      );
    return {
      body: bytesOf({ ...request, RequestItems: wishFor(keys.slice(0, served)) }),
      answer: (body) => bytesOf({ ...jsonOf(body), UnprocessedKeys: wishFor(keys.slice(served)) }),
    };
  },
});
