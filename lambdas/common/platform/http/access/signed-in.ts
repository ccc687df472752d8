import type { MiddlewareHandler } from "hono";
import type { RouteAccess } from "../../../core/access/scopes.ts";
import { ForbiddenError } from "../../../core/errors.ts";
import { type AuthContext, authContextOf, requireOperator } from "../auth-context.ts";
import type { HttpEnv } from "../http-env.ts";

const refuse = ({ key }: AuthContext, access: RouteAccess): void => {
  if (key === undefined) return;
  if (access === "person") {
    throw new ForbiddenError("Keys cannot do this, because it lets others in or outlives the key: sign in.");
  }
  if (!key.scopes.includes(access)) {
    throw new ForbiddenError(
      `The key has no scope ${access}, which this call needs: it has ${key.scopes.join(" and ")}.`,
    );
  }
};

const middlewareFor =
  (access: RouteAccess): MiddlewareHandler<HttpEnv> =>
  async (c, next) => {
    const caller = authContextOf(c.env?.event);
    refuse(caller, access);
    if (access === "operate") requireOperator(caller);
    await next();
  };

/**
 * What a route that asks for somebody has: what its OpenAPI entry says of it, and the check that goes before everything else.
 * Both come from here, so that the document is true.
 * @param access the scope that a key needs; `person`: no key will do; `operate`: a person must be an operator too
 * @throws UnauthorizedError, ForbiddenError by the middleware
 */
export const signedIn = (access: RouteAccess) => ({
  security: access === "person" ? [{ bearer: [] }] : [{ bearer: [] }, { key: [access] }],
  middleware: [middlewareFor(access)],
});
