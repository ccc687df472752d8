import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { CatalogSchema } from "../../../common/core/contract/catalogs/catalog.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { CatalogParams, json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { findCatalog } from "../../find-catalog.ts";
import { catalogView } from "./catalog-view.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/catalogs/{id}`,
  summary: "One catalog with the counts of its newest run",
  tags: ["Catalogs"],
  ...signedIn("read"),
  request: { params: CatalogParams, query: strictQuery({}) },
  responses: { 200: json(CatalogSchema, "The catalog"), ...problems(400, 401, 404, 503) },
});

/** Registers `GET /catalogs/{id}`. */
export const getCatalog = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { catalog, run } = await findCatalog(deps, c.req.valid("param").id, callerOf(c).userId);
    return c.json(catalogView(catalog, run), 200);
  });
};
