import { ShopOverrides } from "../../../adapters/dynamodb/marketplaces/shop-overrides.ts";
import { RawArchive } from "../../../adapters/s3/raw-archive.ts";
import type { Clock } from "../../../core/clock.ts";
import type { ShopSettings } from "../../../core/marketplaces/shop-settings.ts";
import type { SourceSettings } from "../../../core/sources/source-settings.ts";
import type { Log } from "../../../platform/logger.ts";
import { createUpstreamFetch } from "../../../platform/upstream-http/upstream-fetch.ts";
import { createReadSources, type ReadySourcesDeps } from "../../../sources/registry/ready-sources.ts";
import { describeSource } from "../../../sources/registry/registry.ts";
import type { SourceSupply } from "../../enrich/ask-chain.ts";
import { createNoteCredentials } from "../../enrich/note-credentials.ts";
import type { Clients } from "../clients.ts";
import { buildSourceAccess, type SourceAccess, type SourceAccessEnv } from "./source-access.ts";
import { buildSourceRecords, type SourceRecords } from "./source-records.ts";

/** Environment that the chain takes. */
export interface SourceChainEnv extends SourceAccessEnv {
  readonly SOURCES: readonly SourceSettings[];
  /** What operators set for shops. */
  readonly MARKETPLACES_TABLE_NAME: string;
  /** What upstreams see of who calls. */
  readonly USER_AGENT: string;
  /** Where raw answers are kept. */
  readonly BUCKET_NAME: string;
}

/** What the chain is built on. */
export interface SourceChainParts extends Pick<Clients, "documents" | "s3"> {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Pick<Log, "info" | "warn">;
  /** Sources that may not be asked because their content was revoked. */
  readonly revoked: ReadySourcesDeps["revoked"];
  /** Called when the limiter has closed a breaker. */
  readonly onClosed?: (() => void) | undefined;
}

/** What asking the sources takes. */
export interface SourceChain
  extends SourceSupply,
    Pick<SourceAccess, "limiter">,
    Pick<SourceRecords, "counters" | "cacheCounters"> {
  /** What operators set for shops, as of half a minute ago at most. */
  readonly shops: () => Promise<ShopSettings>;
  /** Raw answers of the sources. */
  readonly archive: RawArchive;
}

/** Builds the sources of a stage with the limiter that paces them; both remember what they read, so build one per instance. */
export const buildSourceChain = (
  env: SourceChainEnv,
  { onClosed, revoked, ...parts }: SourceChainParts,
): SourceChain => {
  const { clock, log } = parts;
  const { limiter, secrets } = buildSourceAccess(env, { ...parts, ...(onClosed ? { onClosed } : {}) });
  const { tokens, versions, counters, cacheCounters } = buildSourceRecords(env, parts);
  const overrides = new ShopOverrides(parts.documents, env.MARKETPLACES_TABLE_NAME, clock);
  const shops = () => overrides.settings();
  return {
    shops,
    archive: new RawArchive(parts.s3, env.BUCKET_NAME, parts.newId),
    limiter,
    counters,
    cacheCounters,
    forgetSecret: (source) => secrets.forget(source),
    readSources: createReadSources({
      settings: env.SOURCES,
      describe: describeSource,
      revoked,
      shops,
      secrets,
      tokens,
      clock,
      fetch: createUpstreamFetch(env.USER_AGENT),
      onSecret: createNoteCredentials({ versions, limiter, log }),
    }),
  };
};
