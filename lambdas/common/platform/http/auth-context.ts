import * as z from "zod";
import { type AuthorizerContext, AuthorizerContextSchema } from "../../core/access/authorizer-context.ts";
import type { Scope } from "../../core/access/scopes.ts";
import { OPERATORS } from "../../core/contract/operators-group.ts";
import { ForbiddenError } from "../../core/errors.ts";
import { UnauthorizedError } from "./problems/unauthorized-error.ts";

/** The key that a program calls with. */
export interface CallingKey {
  readonly keyId: string;
  readonly scopes: readonly Scope[];
  /** When it ends by itself, epoch milliseconds; undefined: never. */
  readonly validUntilMs: number | undefined;
}

/** Who calls, as the API's authorizer verified it. */
export interface AuthContext {
  /** The `sub` of the person's tokens; with a key, of whom it acts for. */
  readonly userId: string;
  /** The same person, as the user pool asks for them. */
  readonly username: string;
  /** Cognito groups; with a key only where its scopes let it operate. */
  readonly groups: readonly string[];
  /** Undefined: a person who signed in. */
  readonly key: CallingKey | undefined;
}

const EventSchema = z.object({
  requestContext: z.object({
    // An emulator adds members of its own.
    authorizer: z.object({ lambda: AuthorizerContextSchema }),
  }),
});

const REFUSALS: Readonly<Record<Extract<AuthorizerContext, { via: "nobody" }>["reason"], string>> = {
  token: "This token is not good, or its time is over: sign in again.",
  key: "This key is not good: it was revoked, its time is over, its owner may not sign in, or it never existed.",
};

/**
 * Reads the caller from an API Gateway event of payload version 2.0. Never reads the Authorization header itself: only
 * the authorizer has checked it.
 * @throws UnauthorizedError when the event names no verified caller
 */
export const authContextOf = (event: unknown): AuthContext => {
  const parsed = EventSchema.safeParse(event);
  if (!parsed.success) throw new UnauthorizedError("Sign in first: send Authorization: Bearer <token or key>.");
  const context = parsed.data.requestContext.authorizer.lambda;
  if (context.via === "nobody") throw new UnauthorizedError(REFUSALS[context.reason]);
  const { user_id: userId, username, groups } = context;
  if (context.via === "person") return { userId, username, groups, key: undefined };
  const validUntilMs = context.valid_until === "" ? undefined : Date.parse(context.valid_until);
  return { userId, username, groups, key: { keyId: context.key_id, scopes: context.scopes, validUntilMs } };
};

/** Who calls; undefined where nobody is verified, which open routes do not mind. */
export const callerIfAny = (event: unknown): AuthContext | undefined => {
  try {
    return authContextOf(event);
  } catch (error) {
    if (error instanceof UnauthorizedError) return undefined;
    throw error;
  }
};

/**
 * Lets only members of the Cognito group `operators` pass.
 * @throws ForbiddenError for everyone else
 */
export const requireOperator = (auth: AuthContext): void => {
  if (!auth.groups.includes(OPERATORS)) throw new ForbiddenError(`Only members of the group ${OPERATORS} may do this.`);
};
