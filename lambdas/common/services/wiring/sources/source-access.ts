import { createSecretsClient } from "../../../adapters/aws/aws-clients.ts";
import { SourceSecrets } from "../../../adapters/secrets/source-secrets.ts";
import type { StoreRateLimiter } from "../../../core/limiter/store-rate-limiter.ts";
import { buildRateLimiter, type RateLimiterEnv, type RateLimiterParts } from "./rate-limiter.ts";

/** Environment that access to sources takes. */
export interface SourceAccessEnv extends RateLimiterEnv {
  /** Secrets are `<prefix>/<source id>`. */
  readonly SECRET_PREFIX: string;
}

/** What says whether a source may be called now. */
export interface SourceAccess {
  readonly limiter: StoreRateLimiter;
  readonly secrets: SourceSecrets;
}

/** Builds the limiter and the reader of credentials; both remember what they read, so build one pair per instance. */
export const buildSourceAccess = (env: SourceAccessEnv, parts: RateLimiterParts): SourceAccess => ({
  limiter: buildRateLimiter(env, parts),
  secrets: new SourceSecrets(createSecretsClient(), env.SECRET_PREFIX, parts.clock),
});
