import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { ConfigSchema } from "../../common/core/contract/operations/config.ts";
import { API_BASE } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/config`,
  summary: "What a client needs to sign in",
  tags: ["Operations"],
  request: { query: strictQuery({}) },
  responses: { 200: json(ConfigSchema, "Public settings"), ...problems(400) },
});

/** Registers `GET /config`. */
export const getConfig = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, (c) => c.json(deps.config, 200));
};
