import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { LiveStatsSchema } from "../../common/core/contract/live/live.ts";
import { API_BASE } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/websocket/stats`,
  summary: "How many listen for live updates",
  tags: ["Live"],
  request: { query: strictQuery({}) },
  responses: { 200: json(LiveStatsSchema, "The last count"), ...problems(400, 503) },
});

/** Registers `GET /websocket/stats`. Reads one row, whatever there is to count. */
export const getWebSocketStats = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const stats = await deps.census.read();
    c.header("cache-control", "public, max-age=10");
    return c.json(stats, 200);
  });
};
