import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { API_BASE, type HttpEnv } from "../../platform/http/http-app.ts";
import * as z from "../../platform/http/openapi-zod.ts";
import { json, problems } from "../../platform/http/route-parts.ts";
import { strictQuery } from "../../platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";

const ConfigSchema = z
  .object({
    stage: z.string().describe("Name of the stage: local, dev, staging or prod."),
    region: z.string().describe("AWS region of the user pool."),
    user_pool_id: z.string().describe("Cognito user pool to sign in to."),
    client_id: z.string().describe("Its app client."),
    web_socket_url: z.string().nullable().describe("Null until the stage has a WebSocket API."),
    simulated: z.boolean().describe("Whether upstreams are simulators, so that no answer is real."),
  })
  .openapi("Config");

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
