import type { DynamoSourceCounters } from "../adapters/limiter/dynamo-source-counters.ts";
import type { HttpLogger } from "../platform/http/http-app.ts";
import type { CallRecord } from "../sources/chain/chain-deps.ts";

/** Counts a probe's calls for analytics. Losing a count must not cost the person the answer, so it is only logged. */
export const createCountCalls =
  (counters: Pick<DynamoSourceCounters, "count">, logger: HttpLogger) =>
  async (calls: readonly CallRecord[]): Promise<void> => {
    for (const { source, outcome, code, duration_ms } of calls) {
      const call = {
        outcome: outcome === "critical" ? ("failed" as const) : outcome,
        latency_ms: duration_ms,
        ...(code === null ? {} : { code }),
      };
      try {
        await counters.count(source, [call]);
      } catch (error) {
        logger.warn("call not counted for analytics", { source, error: String(error) });
      }
    }
  };
