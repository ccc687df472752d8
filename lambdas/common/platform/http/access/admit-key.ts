import type { MiddlewareHandler } from "hono";
import { errorWords } from "../../../core/error-words.ts";
import { callerIfAny } from "../auth-context.ts";
import type { HttpEnv, HttpLogger } from "../http-env.ts";
import { loggedPath } from "../logged-path.ts";
import { TooManyCallsError } from "../problems/too-many-calls-error.ts";
import { UnauthorizedError } from "../problems/unauthorized-error.ts";

/** What calls by keys are held by. */
export interface KeyCalls {
  /** Counts a call; gives the milliseconds to wait when there were too many. @throws when it cannot be counted */
  take(keyId: string, nowMs: number): Promise<number>;
}

interface AdmitKeyDeps {
  readonly logger: HttpLogger;
  readonly now: () => number;
  readonly keyCalls: KeyCalls;
}

/**
 * Holds calls by keys to their end and to so many a second, whatever the route, and notes who called with which key. People
 * who are signed in pass, and cost nothing.
 * @throws UnauthorizedError, TooManyCallsError
 */
export const admitKey =
  ({ logger, now, keyCalls }: AdmitKeyDeps): MiddlewareHandler<HttpEnv> =>
  async (c, next) => {
    const caller = callerIfAny(c.env?.event);
    if (!caller?.key) return next();
    const { keyId, validUntilMs } = caller.key;
    // API Gateway keeps what the authorizer said for a minute.
    if (validUntilMs !== undefined && now() >= validUntilMs)
      throw new UnauthorizedError("The time of this key is over.");
    const { method, path } = c.req;
    logger.info("called with a key", { key_id: keyId, user_id: caller.userId, method, path: loggedPath(path) });
    const waitMs = await keyCalls.take(keyId, now()).catch((error: unknown) => {
      // The limit protects against mistakes of programs; a table that is short of throughput must not stop them all.
      logger.warn("a call with a key was not counted", { key_id: keyId, error: errorWords(error) });
      return 0;
    });
    if (waitMs > 0) throw new TooManyCallsError("This key is called too often: wait, and call less often.", waitMs);
    await next();
  };
