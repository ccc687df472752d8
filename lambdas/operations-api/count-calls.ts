import type { DynamoSourceCounters } from "../common/adapters/dynamodb/upstream-limits/dynamo-source-counters.ts";
import type { HttpLogger } from "../common/platform/http/http-env.ts";
import { countedCall } from "../common/sources/chain/calls/counted-call.ts";
import type { CallRecord } from "../common/sources/chain/chain-deps.ts";

/** Counts a probe's calls for analytics. Losing a count must not cost the person the answer, so it is only logged. */
export const createCountCalls =
  (counters: Pick<DynamoSourceCounters, "count">, logger: HttpLogger) =>
  async (calls: readonly CallRecord[]): Promise<void> => {
    for (const call of calls) {
      try {
        await counters.count(call.source, [countedCall(call)]);
      } catch (error) {
        logger.warn("call not counted for analytics", { source: call.source, error: String(error) });
      }
    }
  };
