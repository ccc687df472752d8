import { DynamoCacheCounters } from "../../../adapters/dynamodb/upstream-limits/dynamo-cache-counters.ts";
import { DynamoSecretVersions } from "../../../adapters/dynamodb/upstream-limits/dynamo-secret-versions.ts";
import { DynamoSourceCounters } from "../../../adapters/dynamodb/upstream-limits/dynamo-source-counters.ts";
import { DynamoTokenCache } from "../../../adapters/dynamodb/upstream-limits/dynamo-token-cache.ts";
import type { Clock } from "../../../core/clock.ts";
import type { Clients } from "../clients.ts";
import type { RateLimiterEnv } from "./rate-limiter.ts";

/** What functions that call sources keep about the calls, shared by all instances. */
export interface SourceRecords {
  readonly tokens: DynamoTokenCache;
  readonly versions: DynamoSecretVersions;
  readonly counters: DynamoSourceCounters;
  readonly cacheCounters: DynamoCacheCounters;
}

/** Builds the records about calls to sources; they live in the limiter's table. */
export const buildSourceRecords = (
  env: RateLimiterEnv,
  { documents, clock }: Pick<Clients, "documents"> & { readonly clock: Clock },
): SourceRecords => {
  const table = { documentClient: documents, tableName: env.LIMITS_TABLE_NAME, clock };
  return {
    tokens: new DynamoTokenCache(table),
    versions: new DynamoSecretVersions(table),
    counters: new DynamoSourceCounters(table),
    cacheCounters: new DynamoCacheCounters(table),
  };
};
