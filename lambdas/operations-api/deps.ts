import openapi from "../../docs/api/openapi.json" with { type: "json" };
import { createDocumentClient, createDynamoClient, createSqsClient } from "../common/adapters/aws/aws-clients.ts";
import { createDatabaseProbe, createQueueProbe } from "../common/adapters/aws/health-probes.ts";
import { ContentCountStore } from "../common/adapters/dynamodb/content-ends/content-counts.ts";
import { Revocations } from "../common/adapters/dynamodb/content-ends/revocations.ts";
import { SweptCounts } from "../common/adapters/dynamodb/content-ends/swept-counts.ts";
import { ShopOverrides } from "../common/adapters/dynamodb/marketplaces/shop-overrides.ts";
import { createReadTableSize } from "../common/adapters/dynamodb/read-table-size.ts";
import type { CacheUsage } from "../common/adapters/dynamodb/upstream-limits/dynamo-cache-counters.ts";
import type { Config } from "../common/core/contract/operations/config.ts";
import type { SourceCheck } from "../common/core/contract/operations/probes.ts";
import { ConflictError } from "../common/core/errors.ts";
import type { Acknowledgements } from "../common/core/licences/acknowledgements.ts";
import { type LicenceBook, licenceBook } from "../common/core/licences/licence-book.ts";
import { noticesOf } from "../common/core/licences/notices.ts";
import type { SourceId } from "../common/core/source-ids.ts";
import type { SourceUsage } from "../common/core/sources/analytics/source-usage.ts";
import { revokedWords } from "../common/core/sources/revoked-words.ts";
import { createUpstreamFetch } from "../common/platform/upstream-http/upstream-fetch.ts";
import { createReadSourceStatuses, type ReadSourceStatuses } from "../common/services/source-statuses.ts";
import { type ApiContext, buildApiContext } from "../common/services/wiring/api-context.ts";
import { buildSourceAccess } from "../common/services/wiring/sources/source-access.ts";
import { buildSourceRecords } from "../common/services/wiring/sources/source-records.ts";
import { checkSource } from "../common/sources/checks/check-source.ts";
import { describeSource } from "../common/sources/registry/registry.ts";
import { createCountCalls } from "./count-calls.ts";
import type { Env } from "./env.ts";

/** Everything the routes of this room need. */
export interface Deps extends ApiContext {
  readonly config: Readonly<Config>;
  /** The OpenAPI document of the whole API. */
  readonly openapi: Readonly<Record<string, unknown>>;
  /** Resolves when the table answers. @throws when it does not */
  readonly pingDatabase: (signal: AbortSignal) => Promise<void>;
  /** Resolves when the queue answers. @throws when it does not */
  readonly pingQueue: (signal: AbortSignal) => Promise<void>;
  readonly readSourceStatuses: ReadSourceStatuses;
  /** Checks an enabled source by one call; undefined for a source that this stage does not have. */
  readonly checkSource: (source: SourceId, marketplace: string | undefined) => Promise<SourceCheck | undefined>;
  /** What the enabled sources did in the last hours, in the order in which they are asked. */
  readonly readUsage: (hours: number) => Promise<readonly SourceUsage[]>;
  readonly readCacheUsage: (hours: number) => Promise<CacheUsage>;
  readonly licences: LicenceDeps;
  /** What operators set for shops. */
  readonly shops: Pick<ShopOverrides, "list" | "put">;
  readonly countProducts: () => Promise<number>;
}

/** What the routes of licences work with. */
export interface LicenceDeps {
  readonly book: LicenceBook;
  readonly acknowledgements: Acknowledgements;
  /** Sources of the stage. */
  readonly enabled: readonly SourceId[];
  readonly revocations: Pick<Revocations, "list" | "get" | "create" | "advance">;
  readonly counts: Pick<ContentCountStore, "read" | "request">;
  readonly swept: Pick<SweptCounts, "read">;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documents = createDocumentClient();
  const context = buildApiContext(env);
  const { clock, newId, logger } = context;
  const access = buildSourceAccess(env, { documents, clock, newId, log: logger });
  const { tokens, versions, counters, cacheCounters } = buildSourceRecords(env, { documents, clock });
  const sources = env.SOURCES.filter(({ id }) => describeSource(id)).map(({ id }) => id);
  const revocations = new Revocations(documents, env.CONTENT_ENDS_TABLE_NAME, clock);
  const revoked = () => revocations.revoked();
  const shops = new ShopOverrides(documents, env.MARKETPLACES_TABLE_NAME, clock);
  const checkDeps = {
    shops: () => shops.settings(),
    ...access,
    tokens,
    isNewSecret: (limitKey: string, version: string) => versions.note(limitKey, version),
    countCalls: createCountCalls(counters, logger),
    clock,
    fetch: createUpstreamFetch(env.USER_AGENT),
  };
  return {
    ...context,
    config: {
      stage: env.STAGE,
      // A pool's id starts with its region, such as eu-west-1_AbCdEf.
      region: env.USER_POOL_ID.split("_")[0] ?? "",
      user_pool_id: env.USER_POOL_ID,
      client_id: env.USER_POOL_CLIENT_ID,
      web_socket_url: env.WEB_SOCKET_URL === "" ? null : env.WEB_SOCKET_URL,
      default_marketplace: env.DEFAULT_MARKETPLACE,
      notices: noticesOf(env.DEFAULT_MARKETPLACE),
      simulated: env.SIMULATED === "true",
    },
    openapi,
    pingDatabase: createDatabaseProbe(documents, env.STATUS_TABLE_NAME),
    pingQueue: createQueueProbe(createSqsClient(), env.ENRICH_QUEUE_URL),
    readSourceStatuses: createReadSourceStatuses({
      ...access,
      settings: env.SOURCES,
      describe: describeSource,
      revoked,
      clock,
    }),
    checkSource: async (id, marketplace) => {
      if ((await revoked()).has(id)) throw new ConflictError(`${revokedWords(id)}.`, "source_revoked");
      const settings = env.SOURCES.find((source) => source.id === id);
      const descriptor = describeSource(id);
      return settings && descriptor && (await checkSource(checkDeps, { descriptor, settings, marketplace }));
    },
    readUsage: (hours) => counters.read(sources, hours),
    readCacheUsage: (hours) => cacheCounters.read(hours),
    shops,
    licences: {
      book: licenceBook(env.LICENCE_ACKNOWLEDGEMENTS),
      acknowledgements: env.LICENCE_ACKNOWLEDGEMENTS,
      enabled: sources,
      revocations,
      swept: new SweptCounts(documents, env.CONTENT_ENDS_TABLE_NAME),
      counts: new ContentCountStore(documents, env.CONTENT_ENDS_TABLE_NAME),
    },
    countProducts: createReadTableSize(createDynamoClient(), env.PRODUCTS_TABLE_NAME),
  };
};
