import type { DynamoCacheCounters } from "../../adapters/dynamodb/upstream-limits/dynamo-cache-counters.ts";
import type { DynamoSourceCounters } from "../../adapters/dynamodb/upstream-limits/dynamo-source-counters.ts";
import { errorWords } from "../../core/error-words.ts";
import type { Log } from "../../platform/logger.ts";
import { countedCall } from "../../sources/chain/calls/counted-call.ts";
import type { CallRecord } from "../../sources/chain/chain-deps.ts";

/** Where usage is counted for analytics. */
export interface UsageCounters {
  readonly counters: Pick<DynamoSourceCounters, "count">;
  readonly cacheCounters: Pick<DynamoCacheCounters, "count">;
  readonly log: Pick<Log, "warn">;
}

/** Counts upstream calls. Analytics lag by one invocation at worst; losing a count must not cost a product. */
export const countCalls = async (
  deps: Pick<UsageCounters, "counters" | "log">,
  calls: readonly CallRecord[],
): Promise<void> => {
  for (const source of new Set(calls.map((call) => call.source))) {
    const counted = calls.filter((call) => call.source === source).map(countedCall);
    try {
      await deps.counters.count(source, counted);
    } catch (error) {
      deps.log.warn("calls not counted for analytics", { source, calls: counted.length, error: errorWords(error) });
    }
  }
};

/** Counts products that were looked up in the table first; losing a count must not cost one either. */
export const countLookups = async (
  deps: Pick<UsageCounters, "cacheCounters" | "log">,
  lookups: number,
  hits: number,
): Promise<void> => {
  try {
    await deps.cacheCounters.count({ lookups, hits });
  } catch (error) {
    deps.log.warn("look-ups not counted for analytics", { lookups, hits, error: errorWords(error) });
  }
};
