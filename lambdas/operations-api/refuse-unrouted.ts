import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { NotFoundError } from "../common/core/errors.ts";
import type { HttpEnv } from "../common/platform/http/http-app.ts";

/** What API Gateway passes on because no other route takes it. */
const UnroutedSchema = z.object({ routeKey: z.literal("$default") });

/**
 * Answers what came by API Gateway's `$default` route with a 404 problem, whatever its path. That route asks for no
 * token, and our paths are matched more kindly than API Gateway's (`/quota/` is `/quota`, HEAD is GET), so nothing
 * behind it may run. A preflight request gets an empty 204, because it must not fail; API Gateway puts the stage's
 * CORS headers on it, or none.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export const refuseUnrouted = (app: OpenAPIHono<HttpEnv>): void => {
  app.use(async (c, next) => {
    if (!UnroutedSchema.safeParse(c.env?.event).success) return next();
    if (c.req.method === "OPTIONS") return c.body(null, 204);
    throw new NotFoundError("There is nothing at this address for this method; GET /api/v1/docs tells what there is.");
  });
};
