import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../../../core/clock.ts";
import { batchGet } from "../batch-get.ts";
import { storeFailure } from "./store-failure.ts";

/** Where hourly counters live. */
export interface CounterTable {
  readonly documentClient: DynamoDBDocumentClient;
  /** Name of the `upstream-limits` table. */
  readonly tableName: string;
  readonly clock: Clock;
}

/**
 * Reads counter items by key; keys without an item are left out.
 * @param doing what for, in the words of an error
 * @throws TransientError when the store cannot be reached, or serves too little at a time
 */
export const readCounterItems = (
  table: CounterTable,
  limitKeys: readonly string[],
  doing: string,
): Promise<Record<string, unknown>[]> =>
  batchGet(table.documentClient, {
    table: table.tableName,
    keys: limitKeys.map((limitKey) => ({ limit_key: limitKey })),
    doing,
    sleep: (ms) => table.clock.sleep(ms),
    translate: storeFailure,
  });
