import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { RefreshForecastSchema } from "../../../common/core/contract/refresh/forecast.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import { forecastRefresh } from "../../../common/services/refresh/forecast-refresh.ts";
import type { Deps } from "../../deps.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/refresh/forecast`,
  summary: "What will end by its licence within a day before it can be fetched again",
  description:
    "From counts of the last plans and from what the sources give the refresh. No call is spent. A stage without the daily refresh answers 409 `refresh_off`.",
  tags: ["Refresh"],
  ...signedIn("read"),
  request: { query: strictQuery({}) },
  responses: { 200: json(RefreshForecastSchema, "The forecast"), ...problems(400, 401, 409, 503) },
});

/** Registers `GET /refresh/forecast`. */
export const getRefreshForecast = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    callerOf(c);
    deps.refresh.require();
    const { readSourceStatuses, clock, refresh } = deps;
    return c.json(await forecastRefresh({ plans: refresh.plans, readSourceStatuses, clock }), 200);
  });
};
