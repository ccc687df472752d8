import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { RejectedRowSchema } from "../../../common/core/contract/catalogs/rejected.ts";
import { pageOf } from "../../../common/core/contract/page.ts";
import { decodeCursor, encodeCursor } from "../../../common/platform/http/cursor.ts";
import { API_BASE, callerOf, type HttpEnv } from "../../../common/platform/http/http-app.ts";
import { CatalogParams, json, problems, SIGNED_IN } from "../../../common/platform/http/route-parts.ts";
import { pageQuery, strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/catalogs/{id}/rejected`,
  summary: "Rows that were not accepted, with line, value and reason",
  tags: ["Catalogs"],
  security: SIGNED_IN,
  request: { params: CatalogParams, query: strictQuery(pageQuery) },
  responses: { 200: json(pageOf(RejectedRowSchema), "A page"), ...problems(400, 401, 404, 503) },
});

/** Registers `GET /catalogs/{id}/rejected`. Its cursor holds the byte offset of the next row. */
export const listRejected = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const catalog = await deps.catalogs.getCatalog(c.req.valid("param").id, callerOf(c).userId);
    const list = `rejected:${catalog.catalog_id}`;
    const at = decodeCursor(list, cursor);
    if (catalog.rejects_key === null || catalog.rows.rejected === 0)
      return c.json({ items: [], next_cursor: null }, 200);
    const { rows, next } = await deps.readRejected(catalog.rejects_key, Number(at ?? 0), limit);
    const next_cursor = next === undefined ? null : encodeCursor(list, String(next));
    return c.json({ items: [...rows], next_cursor }, 200);
  });
};
