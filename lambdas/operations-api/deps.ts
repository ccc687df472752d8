import openapi from "../../docs/api/openapi.json" with { type: "json" };
import { createDocumentClient } from "../common/adapters/aws/aws-clients.ts";
import { ShopOverrides } from "../common/adapters/dynamodb/marketplaces/shop-overrides.ts";
import type { CacheUsage } from "../common/adapters/dynamodb/upstream-limits/dynamo-cache-counters.ts";
import type { SourceUsage } from "../common/core/sources/analytics/source-usage.ts";
import type { Cursors } from "../common/platform/http/cursors.ts";
import type { ReadSourceStatuses } from "../common/services/source-statuses.ts";
import { type ApiContext, buildApiContext } from "../common/services/wiring/api-context.ts";
import { buildCursors } from "../common/services/wiring/cursors.ts";
import { buildLicences } from "../common/services/wiring/products/licences.ts";
import { buildSourceRecords } from "../common/services/wiring/sources/source-records.ts";
import { buildSourceStatuses } from "../common/services/wiring/sources/source-statuses.ts";
import { describeSource } from "../common/sources/registry/registry.ts";
import { buildCheckSource, type CheckSource } from "./check-source.ts";
import { configOf } from "./config-of.ts";
import type { Env } from "./env.ts";
import { buildKeysDeps, type KeysDeps } from "./keys-deps.ts";
import type { LicenceDeps } from "./licence-deps.ts";
import { buildLiveDeps, type LiveDeps } from "./live-deps.ts";
import { buildProbes, type Probes } from "./probe-deps.ts";
import { buildRefreshDeps, type RefreshDeps } from "./refresh-deps.ts";
import { buildFailureDeps, type FailureDeps } from "./routes/failures/failure-deps.ts";
import { buildWebhookDeps, type WebhookDeps } from "./routes/webhooks/webhook-deps.ts";

/** Everything the routes of this room need. */
export interface Deps extends ApiContext, LiveDeps, KeysDeps, Probes {
  readonly config: Readonly<ReturnType<typeof configOf>>;
  /** The OpenAPI document of the whole API. */
  readonly openapi: Readonly<Record<string, unknown>>;
  readonly readSourceStatuses: ReadSourceStatuses;
  /** Checks an enabled source by one call; undefined for a source that this stage does not have. */
  readonly checkSource: CheckSource;
  /** What the enabled sources did in the last hours, in the order in which they are asked. */
  readonly readUsage: (hours: number) => Promise<readonly SourceUsage[]>;
  readonly readCacheUsage: (hours: number) => Promise<CacheUsage>;
  readonly licences: LicenceDeps;
  /** What operators set for shops. */
  readonly shops: Pick<ShopOverrides, "list" | "put">;
  /** Seals and opens the cursors of lists. */
  readonly cursors: Cursors;
  readonly refresh: RefreshDeps;
  readonly webhooks: WebhookDeps;
  readonly failures: FailureDeps;
}

/** Wires the function once per cold start. */
export const buildDeps = (env: Env): Deps => {
  const documents = createDocumentClient();
  const context = buildApiContext(env);
  const { clock, newId, logger } = context;
  const parts = { documents, clock, newId, log: logger };
  const { revoked, ...licences } = buildLicences(env, { documents, clock });
  const { readSourceStatuses, ...access } = buildSourceStatuses(env, { ...parts, revoked, describe: describeSource });
  const records = buildSourceRecords(env, { documents, clock });
  const { counters, cacheCounters } = records;
  const sources = env.SOURCES.filter(({ id }) => describeSource(id)).map(({ id }) => id);
  const shops = new ShopOverrides(documents, env.MARKETPLACES_TABLE_NAME, clock);
  return {
    ...context,
    ...buildKeysDeps(env, { documents }),
    config: configOf(env),
    openapi,
    ...buildProbes(env, { documents }),
    readSourceStatuses,
    checkSource: buildCheckSource(env, {
      ...access,
      ...records,
      revoked,
      shops: () => shops.settings(),
      clock,
      log: logger,
    }),
    readUsage: (hours) => counters.read(sources, hours),
    readCacheUsage: (hours) => cacheCounters.read(hours),
    ...buildLiveDeps(env, { documents }),
    shops,
    licences: {
      ...licences,
      book: licences.licences,
      acknowledgements: env.LICENCE_ACKNOWLEDGEMENTS,
      enabled: sources,
    },
    cursors: buildCursors(env, clock),
    refresh: buildRefreshDeps(env, parts),
    webhooks: buildWebhookDeps(env, parts),
    failures: buildFailureDeps(env, parts),
  };
};
