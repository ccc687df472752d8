import { BatchWriteCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { withSdkErrors } from "../aws/sdk-errors.ts";
import { untilNoneLeft } from "../aws/until-none-left.ts";

/** Most items of one BatchWriteItem. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const KEYS_PER_WRITE = 25;
/** Writes of one chunk of keys: with the waits between them about 5 s. */
const MAX_WRITES = 8;
const FIRST_WAIT_MS = 50;

/** What to remove from one table. */
export interface BatchDeleteRequest {
  readonly table: string;
  /** Distinct keys, any number: DynamoDB refuses a key that is named twice. */
  readonly keys: readonly Readonly<Record<string, unknown>>[];
  /** What for, in the words of an error. */
  readonly doing: string;
  /** Waits so many milliseconds. @default a timer */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/**
 * Removes items by key, whatever they hold, 25 at a time; keys without an item are no error. What DynamoDB leaves unprocessed is
 * asked for again after a wait that grows and varies. Safe to repeat.
 * @throws TransientError when the table takes too little at a time; some of the items may be gone then
 */
export const batchDelete = async (client: DynamoDBDocumentClient, request: BatchDeleteRequest): Promise<void> => {
  const chunks: (typeof request.keys)[] = [];
  for (let from = 0; from < request.keys.length; from += KEYS_PER_WRITE) {
    chunks.push(request.keys.slice(from, from + KEYS_PER_WRITE));
  }
  await Promise.all(chunks.map((keys) => deleteChunk(client, request, keys)));
};

const deleteChunk = (
  client: DynamoDBDocumentClient,
  { table, doing, sleep }: BatchDeleteRequest,
  keys: readonly Readonly<Record<string, unknown>>[],
): Promise<void> => {
  const deleteOnce = async (open: readonly Readonly<Record<string, unknown>>[]) => {
    const RequestItems = { [table]: open.map((key) => ({ DeleteRequest: { Key: { ...key } } })) };
    const { UnprocessedItems } = await withSdkErrors(doing, () => client.send(new BatchWriteCommand({ RequestItems })));
    return (UnprocessedItems?.[table] ?? []).flatMap(({ DeleteRequest }) => DeleteRequest?.Key ?? []);
  };
  const patience = { calls: MAX_WRITES, firstWaitMs: FIRST_WAIT_MS, sleep };
  return untilNoneLeft(
    keys,
    deleteOnce,
    patience,
    () => `${doing} failed for now: the table takes the keys too slowly`,
  );
};
