import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { isoTime } from "../../common/core/clock.ts";
import { DataSourcesSchema } from "../../common/core/contract/operations/data-sources.ts";
import { signedIn } from "../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { queryInteger, strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";
import { recommendationsOf, sourceAnalytics } from "../sources/source-analytics.ts";

/** Counters are kept 30 days. */
const MAX_HOURS = 720;

const route = createRoute({
  method: "get",
  path: `${API_BASE}/analytics/data-sources`,
  summary: "How the sources did: calls, success, response times, failures, and what to change",
  description: "Counted by the hour, the present one included. Response times are in milliseconds.",
  tags: ["Operations"],
  ...signedIn("read"),
  request: {
    query: strictQuery({
      hours: queryInteger(1, MAX_HOURS).default(24).describe("How far back, 1 to 720 hours.").meta({ default: 24 }),
    }),
  },
  responses: { 200: json(DataSourcesSchema, "The figures"), ...problems(400, 401, 503) },
});

/** Registers `GET /analytics/data-sources`. Reads counters only; spends no call. */
export const getDataSources = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    callerOf(c);
    const { hours } = c.req.valid("query");
    const [usages, cache, cache_size] = await Promise.all([
      deps.readUsage(hours),
      deps.readCacheUsage(hours),
      deps.countProducts(),
    ]);
    return c.json(
      {
        data_sources: Object.fromEntries(usages.map((usage) => [usage.source, sourceAnalytics(usage)])),
        cache_size,
        cache_hit_rate: cache.lookups === 0 ? null : cache.hits / cache.lookups,
        recommendations: recommendationsOf(usages),
        timestamp: isoTime(deps.clock.now()),
      },
      200,
    );
  });
};
