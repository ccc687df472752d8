import * as z from "zod";
import { looksLike } from "../common/core/access/access-secret.ts";
import type { AuthorizerContext } from "../common/core/access/authorizer-context.ts";
import { errorWords } from "../common/core/error-words.ts";
import { TransientError } from "../common/core/errors.ts";
import { authorizeKey } from "./authorize-key.ts";
import type { Deps } from "./deps.ts";

/** What API Gateway asks an authorizer, as far as it matters here. */
const EventSchema = z.object({
  headers: z.record(z.string(), z.string()).default({}),
  requestContext: z.object({ requestId: z.string().optional() }).optional(),
});

/** The simple answer of payload version 2.0. */
interface Answer {
  readonly isAuthorized: true;
  readonly context: AuthorizerContext;
}

const BEARER = /^bearer +(\S+)$/i;

/**
 * Says who a request comes from: a person by a token of the user pool, or a key. A credential that is not good is let through as
 * `nobody`, which every route that asks for somebody refuses with a problem: API Gateway's own refusal would be a 403.
 * API Gateway keeps the answer for a minute, for all routes, by the Authorization header; a request without one never comes here.
 * @throws TransientError when nobody can say now: API Gateway answers 500 and keeps nothing
 */
export const createHandler =
  (deps: Deps) =>
  async (raw: unknown): Promise<Answer> => {
    const { headers, requestContext } = EventSchema.parse(raw);
    const header = Object.entries(headers).find(([name]) => name.toLowerCase() === "authorization")?.[1] ?? "";
    return deps.log.during({ correlation_id: requestContext?.requestId }, async () => ({
      isAuthorized: true,
      context: await contextOf(deps, header.trim()),
    }));
  };

const contextOf = async (deps: Deps, header: string): Promise<AuthorizerContext> => {
  // API Gateway's own authorizer takes a token without the word before it too.
  const credential = BEARER.exec(header)?.[1] ?? header;
  if (looksLike("key", credential)) return authorizeKey(deps, credential);
  const owner = await deps.tokens.ownerOf(credential);
  if (!owner) return { via: "nobody", reason: "token" };
  const { userId, username, groups } = owner;
  // A token is good for an hour, also when its person was removed meanwhile.
  if (!(await isPresent(deps, { userId, username }))) {
    deps.log.warn("a token was refused: its user is gone", { user_id: userId });
    return { via: "nobody", reason: "token" };
  }
  return { via: "person", user_id: userId, username, groups: groups.join(" ") };
};

/** A user pool that does not answer keeps nobody out: the token itself says who it is, and for how long. */
const isPresent = async (
  deps: Deps,
  user: { readonly userId: string; readonly username: string },
): Promise<boolean> => {
  try {
    return await deps.present.isPresent(user);
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    deps.log.warn("whether a token's user is still there is not known", {
      user_id: user.userId,
      error: errorWords(error),
    });
    return true;
  }
};
