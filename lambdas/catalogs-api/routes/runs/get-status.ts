import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { CatalogStatusSchema } from "../../../common/core/contract/runs/run-status.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { CatalogParams, json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { findCatalog } from "../../find-catalog.ts";
import { readStatus } from "./read-status.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/catalogs/{id}/status`,
  summary: "State of the newest run, and when it will be done",
  tags: ["Catalogs"],
  ...signedIn("read"),
  request: { params: CatalogParams, query: strictQuery({}) },
  responses: { 200: json(CatalogStatusSchema, "The status"), ...problems(400, 401, 404, 503) },
});

/** Registers `GET /catalogs/{id}/status`. */
export const getStatus = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { catalog, run } = await findCatalog(deps, c.req.valid("param").id, callerOf(c).userId);
    return c.json(await readStatus(deps, catalog, run), 200);
  });
};
