import { NotFoundError } from "../../../core/errors.ts";
import { MethodNotAllowedError } from "../problems/method-not-allowed-error.ts";
import { allowedMethods, type RoutePath } from "./allowed-methods.ts";

/**
 * Refuses a request that no route takes.
 * @param routes every route that there is
 * @throws MethodNotAllowedError when the address has other methods
 * @throws NotFoundError otherwise, also when only a slash at the end keeps the request from a route
 */
export const refuseNoRoute = (routes: Iterable<RoutePath>, { method, path }: RoutePath): never => {
  const allowed = allowedMethods(routes, path);
  if (allowed.length > 0 && !allowed.includes(method)) throw new MethodNotAllowedError(allowed);
  throw new NotFoundError("There is nothing at this address; GET /api/v1/docs says what there is.");
};
