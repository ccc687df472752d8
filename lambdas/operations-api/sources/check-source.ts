import type { Clock } from "../../common/core/clock.ts";
import type { SourceCheck } from "../../common/core/contract/operations/probes.ts";
import { ConflictError } from "../../common/core/errors.ts";
import type { RevokedSources } from "../../common/core/licences/revocations/without-revoked.ts";
import type { ShopSettings } from "../../common/core/marketplaces/shop-settings.ts";
import type { SourceId } from "../../common/core/source-ids.ts";
import { revokedWords } from "../../common/core/sources/revoked-words.ts";
import type { HttpLogger } from "../../common/platform/http/http-env.ts";
import { createMeter, type Meter } from "../../common/platform/metrics.ts";
import { createUpstreamFetch } from "../../common/platform/upstream-http/upstream-fetch.ts";
import { watchSources } from "../../common/services/enrich/watch-sources.ts";
import type { SourceAccess } from "../../common/services/wiring/sources/source-access.ts";
import type { SourceRecords } from "../../common/services/wiring/sources/source-records.ts";
import { checkSource } from "../../common/sources/checks/check-source.ts";
import { describeSource } from "../../common/sources/registry/registry.ts";
import type { Env } from "../env.ts";

/** Checks an enabled source by one call; gives undefined for a source that this stage does not have. */
export type CheckSource = (source: SourceId, marketplace: string | undefined) => Promise<SourceCheck | undefined>;

/** What it is built on. */
export interface CheckSourceParts extends SourceAccess, Pick<SourceRecords, "tokens" | "versions" | "counters"> {
  readonly revoked: () => Promise<RevokedSources>;
  /** What operators set for shops. */
  readonly shops: () => Promise<ShopSettings>;
  readonly clock: Clock;
  readonly log: HttpLogger;
  /** @default CloudWatch's */
  readonly meter?: Meter;
}

/** Builds the check. A revoked source is not asked. */
export const buildCheckSource = (
  env: Pick<Env, "SOURCES" | "USER_AGENT" | "STAGE">,
  { versions, counters, revoked, log, meter = createMeter(env.STAGE), ...parts }: CheckSourceParts,
): CheckSource => {
  const deps = {
    ...parts,
    isNewSecret: (limitKey: string, version: string) => versions.note(limitKey, version),
    fetch: createUpstreamFetch(env.USER_AGENT),
  };
  return async (id, marketplace) => {
    if ((await revoked()).has(id)) throw new ConflictError(`${revokedWords(id)}.`, "source_revoked");
    const settings = env.SOURCES.find((source) => source.id === id);
    const descriptor = describeSource(id);
    if (!settings || !descriptor) return undefined;
    return watchSources(
      { limiter: parts.limiter, counters, log, meter },
      ({ countCall, sees }) => checkSource({ ...deps, countCall, sees }, { descriptor, settings, marketplace }),
      { isTrial: true },
    );
  };
};
