import type { BaseEnv } from "../../core/base-env.ts";
import type { Clock } from "../../core/clock.ts";
import type { HttpLogger } from "../../platform/http/http-env.ts";
import { createLogger } from "../../platform/logger.ts";
import { newId } from "../../platform/new-id.ts";
import { createSystemClock } from "../../platform/system-clock.ts";

/** What every function that answers HTTP runs with. */
export interface ApiContext {
  readonly clock: Clock;
  /** So many random characters of Crockford's alphabet. */
  readonly newId: (length?: number) => string;
  readonly logger: HttpLogger;
}

/** Builds the context of an HTTP function from the system clock, random ids and the structured log. */
export const buildApiContext = (env: Pick<BaseEnv, "CLOCK_FILE">): ApiContext => ({
  clock: createSystemClock(env),
  newId,
  logger: createLogger(),
});
