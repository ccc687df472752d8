import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { CatalogSchema } from "../../../common/core/contract/catalogs/catalog.ts";
import { pageOf } from "../../../common/core/contract/page.ts";
import { ListPositionSchema } from "../../../common/core/list-page.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import type { ListName } from "../../../common/platform/http/cursors.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { pageQuery, strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { catalogView } from "./catalog-view.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/catalogs`,
  summary: "Your catalogs, newest first",
  tags: ["Catalogs"],
  ...signedIn("read"),
  request: { query: strictQuery(pageQuery) },
  responses: { 200: json(pageOf(CatalogSchema), "A page"), ...problems(400, 401, 503) },
});

/** Registers `GET /catalogs`. */
export const listCatalogs = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const { userId } = callerOf(c);
    const list: ListName = [userId, "catalogs"];
    const after = await deps.cursors.open(list, cursor, ListPositionSchema);
    const page = await deps.catalogs.listCatalogs(userId, { limit, after });
    const items = page.items.map(({ catalog, run }) => catalogView(catalog, run));
    return c.json({ items, next_cursor: await deps.cursors.seal(list, page.next) }, 200);
  });
};
