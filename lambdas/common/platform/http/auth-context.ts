import * as z from "zod";
import { OPERATORS } from "../../core/contract/operators-group.ts";
import { ForbiddenError } from "../../core/errors.ts";
import { UnauthorizedError } from "./problems/unauthorized-error.ts";

/** Who calls, as the API's JWT authorizer verified it. */
export interface AuthContext {
  /** The token's `sub`. */
  readonly userId: string;
  /** Cognito groups; empty when the token names none. */
  readonly groups: readonly string[];
}

/**
 * An HTTP API hands every claim over as text: a list arrives as `[a b]`. Emulators pass the list itself.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
const GroupsSchema = z
  .union([z.array(z.string()), z.string()])
  .transform((value) =>
    (Array.isArray(value) ? value : value.replace(/^\[|\]$/g, "").split(/[\s,]+/)).filter((group) => group !== ""),
  );

const ClaimsSchema = z.object({
  sub: z.string().min(1),
  /** What the pool made the token for. A refresh token, or one of a kind to come, opens nothing here. */
  token_use: z.enum(["id", "access"]),
  "cognito:groups": GroupsSchema.optional(),
});

const EventSchema = z.object({
  requestContext: z.object({
    authorizer: z.object({
      jwt: z.object({ claims: ClaimsSchema }),
    }),
  }),
});

/**
 * Reads the caller from an API Gateway event of payload version 2.0. Never reads the Authorization header itself: only
 * the authorizer has checked its signature.
 * @throws UnauthorizedError when the event carries no verified claims of an id or access token
 */
export const authContextOf = (event: unknown): AuthContext => {
  const parsed = EventSchema.safeParse(event);
  if (!parsed.success) throw new UnauthorizedError("Sign in first: send Authorization: Bearer <token>.");
  const { claims } = parsed.data.requestContext.authorizer.jwt;
  return { userId: claims.sub, groups: claims["cognito:groups"] ?? [] };
};

/**
 * Lets only members of the Cognito group `operators` pass.
 * @throws ForbiddenError for everyone else
 */
export const requireOperator = (auth: AuthContext): void => {
  if (!auth.groups.includes(OPERATORS)) throw new ForbiddenError(`Only members of the group ${OPERATORS} may do this.`);
};
