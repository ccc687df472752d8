import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { DynamoCacheCounters } from "../../../../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-cache-counters.ts";
import { DynamoSecretVersions } from "../../../../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-secret-versions.ts";
import { DynamoSourceCounters } from "../../../../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-source-counters.ts";
import { DynamoTokenCache } from "../../../../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-token-cache.ts";
import { NOON } from "../../../../../helpers/rows.ts";
import type { WriteCases } from "./write-case.ts";

const iso = (ms = 0): string => new Date(NOON + ms).toISOString();
const NOW = iso();
const clock = { now: () => NOON, sleep: async () => {} };
const table = (documentClient: DynamoDBDocumentClient) => ({ documentClient, tableName: "limits", clock });

/** Writes of this room of adapters. */
export const LIMIT_WRITES: WriteCases = {
  "upstream-limits/add-to-counters.ts": {
    cache: { write: (c) => new DynamoCacheCounters(table(c)).count({ lookups: 3, hits: 1 }) },
    source: {
      seeds: { limits: [{ limit_key: `usage#keepa#${NOW.slice(0, 13)}`, requests: 4, last_call: "another" }] },
      write: (c) => new DynamoSourceCounters(table(c)).count("keepa", [{ outcome: "success", latencyMs: 10 }]),
    },
  },
  "upstream-limits/dynamo-limit-store.ts": {
    // A slot is spent twice, which can never free one: see the store.
  },
  "upstream-limits/dynamo-secret-versions.ts": {
    note: { write: (c) => new DynamoSecretVersions(table(c)).note("keepa#me", "v2") },
  },
  "upstream-limits/dynamo-token-cache.ts": {
    put: { write: (c) => new DynamoTokenCache(table(c)).put("keepa", "token", NOON + 1) },
    drop: {
      seeds: { limits: [{ limit_key: "token#keepa" }] },
      write: (c) => new DynamoTokenCache(table(c)).drop("keepa"),
    },
  },
};
