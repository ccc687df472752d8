import type { SourceSettings } from "../../../core/sources/source-settings.ts";
import { createReadSourceStatuses, type ReadSourceStatuses, type SourceStatusesDeps } from "../../source-statuses.ts";
import type { RateLimiterParts } from "./rate-limiter.ts";
import { buildSourceAccess, type SourceAccess, type SourceAccessEnv } from "./source-access.ts";

/** Environment that the reader of states takes. */
export interface SourceStatusesEnv extends SourceAccessEnv {
  readonly SOURCES: readonly SourceSettings[];
}

/** What it is built on. */
export interface SourceStatusesParts extends RateLimiterParts, Pick<SourceStatusesDeps, "describe" | "revoked"> {}

/** Builds what reads the state of every enabled source, and the access to sources that it reads through. */
export const buildSourceStatuses = (
  env: SourceStatusesEnv,
  { describe, revoked, ...parts }: SourceStatusesParts,
): SourceAccess & { readonly readSourceStatuses: ReadSourceStatuses } => {
  const access = buildSourceAccess(env, parts);
  const { clock } = parts;
  return {
    ...access,
    readSourceStatuses: createReadSourceStatuses({ ...access, describe, revoked, clock, settings: env.SOURCES }),
  };
};
