import { BatchGetCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { translateSdkError } from "../aws/sdk-errors.ts";
import { untilNoneLeft } from "../aws/until-none-left.ts";

/** Most keys of one BatchGetItem. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const KEYS_PER_READ = 100;
/** Reads of one chunk of keys: with the waits between them about 5 s. */
const MAX_READS = 8;
const FIRST_WAIT_MS = 50;

/** What to read from one table. */
export interface BatchGetRequest {
  readonly table: string;
  /** Distinct keys, any number: DynamoDB refuses a key that is named twice. */
  readonly keys: readonly Readonly<Record<string, unknown>>[];
  /** What for, in the words of an error. */
  readonly doing: string;
  /** Reads as of now. @default false */
  readonly consistent?: boolean;
  /** Waits so many milliseconds. @default a timer */
  readonly sleep?: (ms: number) => Promise<unknown>;
  /** Converts an SDK error into the product's own. @default translateSdkError */
  readonly translate?: (error: unknown, doing: string) => Error;
}

/**
 * Reads items by key, 100 at a time; keys without an item are left out. What DynamoDB leaves unprocessed, because the
 * table is too busy or the answer too large, is asked for again after a wait that grows and varies.
 * @throws TransientError when the table serves too little at a time, else what `translate` gives
 */
export const batchGet = async (
  client: DynamoDBDocumentClient,
  request: BatchGetRequest,
): Promise<Record<string, unknown>[]> => {
  const items: Record<string, unknown>[] = [];
  for (let from = 0; from < request.keys.length; from += KEYS_PER_READ) {
    items.push(...(await readChunk(client, request, request.keys.slice(from, from + KEYS_PER_READ))));
  }
  return items;
};

const readChunk = async (
  client: DynamoDBDocumentClient,
  { table, doing, consistent = false, sleep, translate = translateSdkError }: BatchGetRequest,
  keys: readonly Readonly<Record<string, unknown>>[],
): Promise<Record<string, unknown>[]> => {
  const items: Record<string, unknown>[] = [];
  const readOnce = async (wanted: readonly Readonly<Record<string, unknown>>[]) => {
    const command = new BatchGetCommand({
      RequestItems: { [table]: { Keys: [...wanted], ...(consistent ? { ConsistentRead: true } : {}) } },
    });
    try {
      const { Responses, UnprocessedKeys } = await client.send(command);
      items.push(...(Responses?.[table] ?? []));
      return UnprocessedKeys?.[table]?.Keys ?? [];
    } catch (error) {
      throw translate(error, doing);
    }
  };
  const patience = { calls: MAX_READS, firstWaitMs: FIRST_WAIT_MS, sleep };
  await untilNoneLeft(keys, readOnce, patience, () => `${doing} failed for now: the table serves the keys too slowly`);
  return items;
};
