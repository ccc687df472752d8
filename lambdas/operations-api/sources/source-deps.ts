import { ShopOverrides } from "../../common/adapters/dynamodb/marketplaces/shop-overrides.ts";
import type { CacheUsage } from "../../common/adapters/dynamodb/upstream-limits/dynamo-cache-counters.ts";
import type { SourceUsage } from "../../common/core/sources/analytics/source-usage.ts";
import type { ReadSourceStatuses } from "../../common/services/source-statuses.ts";
import type { ApiContext } from "../../common/services/wiring/api-context.ts";
import type { Clients } from "../../common/services/wiring/clients.ts";
import { buildLicences } from "../../common/services/wiring/products/licences.ts";
import { buildSourceRecords } from "../../common/services/wiring/sources/source-records.ts";
import { buildSourceStatuses } from "../../common/services/wiring/sources/source-statuses.ts";
import { describeSource } from "../../common/sources/registry/registry.ts";
import type { Env } from "../env.ts";
import type { LicenceDeps } from "../licence-deps.ts";
import { buildCheckSource, type CheckSource } from "./check-source.ts";

/** What the routes about sources, their licences and their shops work with. */
export interface SourceDeps {
  readonly readSourceStatuses: ReadSourceStatuses;
  /** Checks an enabled source by one call; undefined for a source that this stage does not have. */
  readonly checkSource: CheckSource;
  /** What the enabled sources did in the last hours, in the order in which they are asked. */
  readonly readUsage: (hours: number) => Promise<readonly SourceUsage[]>;
  readonly readCacheUsage: (hours: number) => Promise<CacheUsage>;
  readonly licences: LicenceDeps;
  /** What operators set for shops. */
  readonly shops: Pick<ShopOverrides, "list" | "put">;
}

/** Builds them. */
export const buildSourceDeps = (
  env: Env,
  { documents, clock, newId, logger }: Pick<Clients, "documents"> & ApiContext,
): SourceDeps => {
  const { revoked, ...licences } = buildLicences(env, { documents, clock });
  const parts = { documents, clock, newId, log: logger };
  const { readSourceStatuses, ...access } = buildSourceStatuses(env, { ...parts, revoked, describe: describeSource });
  const records = buildSourceRecords(env, { documents, clock });
  const { counters, cacheCounters } = records;
  const sources = env.SOURCES.filter(({ id }) => describeSource(id)).map(({ id }) => id);
  const shops = new ShopOverrides(documents, env.MARKETPLACES_TABLE_NAME, clock);
  return {
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
    licences: {
      ...licences,
      book: licences.licences,
      acknowledgements: env.LICENCE_ACKNOWLEDGEMENTS,
      enabled: sources,
    },
    shops,
  };
};
