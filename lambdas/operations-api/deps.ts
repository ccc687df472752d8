import openapi from "../../docs/api/openapi.json" with { type: "json" };
import {
  createDocumentClient,
  createDynamoClient,
  createSecretsClient,
  createSqsClient,
} from "../adapters/aws/aws-clients.ts";
import { createDatabaseProbe, createQueueProbe } from "../adapters/aws/health-probes.ts";
import { createReadTableSize } from "../adapters/dynamodb/table-size.ts";
import { type CacheUsage, DynamoCacheCounters } from "../adapters/dynamodb/upstream-limits/dynamo-cache-counters.ts";
import { DynamoRateLimiter } from "../adapters/dynamodb/upstream-limits/dynamo-rate-limiter.ts";
import { DynamoSecretVersions } from "../adapters/dynamodb/upstream-limits/dynamo-secret-versions.ts";
import { DynamoSourceCounters } from "../adapters/dynamodb/upstream-limits/dynamo-source-counters.ts";
import { DynamoTokenCache } from "../adapters/dynamodb/upstream-limits/dynamo-token-cache.ts";
import { SourceSecrets } from "../adapters/secrets/source-secrets.ts";
import type { Clock } from "../core/clock.ts";
import type { SourceCheck } from "../core/contract/operations/probes.ts";
import type { SourceId } from "../core/source-ids.ts";
import type { SourceUsage } from "../core/sources/analytics/source-usage.ts";
import type { HttpLogger } from "../platform/http/http-app.ts";
import { createLogger } from "../platform/logger.ts";
import { newId } from "../platform/new-id.ts";
import { systemClock } from "../platform/system-clock.ts";
import { createReadStandings, type ReadStandings } from "../services/source-standings.ts";
import { checkSource } from "../sources/checks/check-source.ts";
import { describeSource } from "../sources/registry/registry.ts";
import { createCountCalls } from "./count-calls.ts";
import type { Env } from "./env.ts";

/** What a browser or a CLI needs to sign in and to listen. */
export interface PublicConfig {
  readonly stage: string;
  readonly region: string;
  readonly user_pool_id: string;
  readonly client_id: string;
  /** Null until the stage has a WebSocket API. */
  readonly web_socket_url: string | null;
  /** Whether upstreams are simulators. */
  readonly simulated: boolean;
}

/** Everything the routes of this room need. */
export interface Deps {
  readonly config: PublicConfig;
  /** The OpenAPI document of the whole API. */
  readonly openapi: Readonly<Record<string, unknown>>;
  /** Resolves when the table answers. @throws when it does not */
  readonly pingDatabase: (signal: AbortSignal) => Promise<void>;
  /** Resolves when the queue answers. @throws when it does not */
  readonly pingQueue: (signal: AbortSignal) => Promise<void>;
  readonly readStandings: ReadStandings;
  /** Checks an enabled source by one call; undefined for a source that this stage does not have. */
  readonly checkSource: (source: SourceId, marketplace: string | undefined) => Promise<SourceCheck | undefined>;
  /** What the enabled sources did in the last hours, in the order in which they are asked. */
  readonly readUsage: (hours: number) => Promise<readonly SourceUsage[]>;
  readonly readCacheUsage: (hours: number) => Promise<CacheUsage>;
  readonly countProducts: () => Promise<number>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly logger: HttpLogger;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documentClient = createDocumentClient();
  const logger = createLogger();
  const clock = systemClock;
  const secrets = new SourceSecrets(createSecretsClient(), env.SECRET_PREFIX, clock);
  const limits = { documentClient, tableName: env.LIMITS_TABLE_NAME, clock };
  const limiter = new DynamoRateLimiter({
    ...limits,
    ids: newId,
    onStateChange: (change) => logger.warn("breaker changed", { ...change }),
  });
  const counters = new DynamoSourceCounters(limits);
  const cacheCounters = new DynamoCacheCounters(limits);
  const versions = new DynamoSecretVersions(limits);
  const sources = env.SOURCES.filter(({ id }) => describeSource(id)).map(({ id }) => id);
  const checkDeps = {
    secrets,
    limiter,
    tokens: new DynamoTokenCache(limits),
    isNewSecret: (limitKey: string, version: string) => versions.note(limitKey, version),
    countCalls: createCountCalls(counters, logger),
    clock,
    fetch,
  };
  return {
    config: {
      stage: env.STAGE,
      // A pool's id starts with its region, such as eu-west-1_AbCdEf.
      region: env.USER_POOL_ID.split("_")[0] ?? "",
      user_pool_id: env.USER_POOL_ID,
      client_id: env.USER_POOL_CLIENT_ID,
      web_socket_url: env.WEB_SOCKET_URL === "" ? null : env.WEB_SOCKET_URL,
      simulated: env.SIMULATED === "true",
    },
    openapi,
    pingDatabase: createDatabaseProbe(documentClient, env.STATUS_TABLE_NAME),
    pingQueue: createQueueProbe(createSqsClient(), env.ENRICH_QUEUE_URL),
    readStandings: createReadStandings({
      settings: env.SOURCES,
      describe: describeSource,
      secrets,
      limiter,
      clock,
    }),
    checkSource: async (id, marketplace) => {
      const settings = env.SOURCES.find((source) => source.id === id);
      const descriptor = describeSource(id);
      return settings && descriptor && (await checkSource(checkDeps, { descriptor, settings, marketplace }));
    },
    readUsage: (hours) => counters.read(sources, hours),
    readCacheUsage: (hours) => cacheCounters.read(hours),
    countProducts: createReadTableSize(createDynamoClient(), env.PRODUCTS_TABLE_NAME),
    clock,
    newId,
    logger,
  };
};
