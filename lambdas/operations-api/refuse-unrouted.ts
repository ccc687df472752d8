import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { HttpEnv } from "../common/platform/http/http-env.ts";
import type { RoutePath } from "../common/platform/http/refusals/allowed-methods.ts";
import { refuseNoRoute } from "../common/platform/http/refusals/refuse-no-route.ts";
import type { Deps } from "./deps.ts";

/** What API Gateway passes on because no other route takes it. */
const UnroutedSchema = z.object({ routeKey: z.literal("$default") });
const PathsSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

const routesOf = (openapi: Readonly<Record<string, unknown>>): RoutePath[] =>
  Object.entries(PathsSchema.parse(openapi).paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method, path })),
  );

/**
 * Answers what came by API Gateway's `$default` route with a problem, whatever its path: 405 where the API has the
 * address for other methods, else 404. That route asks for no token, and our paths are matched more kindly than API
 * Gateway's (`/quota/` is `/quota`, HEAD is GET), so nothing behind it may run. A preflight request gets an empty 204,
 * because it must not fail; API Gateway puts the stage's CORS headers on it, or none.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export const refuseUnrouted = (app: OpenAPIHono<HttpEnv>, deps: Pick<Deps, "openapi">): void => {
  let routes: RoutePath[] | undefined;
  app.use(async (c, next) => {
    if (!UnroutedSchema.safeParse(c.env?.event).success) return next();
    if (c.req.method === "OPTIONS") return c.body(null, 204);
    // The document knows the routes of the other functions too.
    routes ??= routesOf(deps.openapi);
    return refuseNoRoute(routes, c.req);
  });
};
