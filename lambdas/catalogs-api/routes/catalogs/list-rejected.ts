import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { RejectedRowSchema } from "../../../common/core/contract/catalogs/rejected.ts";
import { pageOf } from "../../../common/core/contract/page.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import type { ListName } from "../../../common/platform/http/cursors.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { CatalogParams, json, problems } from "../../../common/platform/http/route-parts.ts";
import { pageQuery, strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/catalogs/{id}/rejected`,
  summary: "Rows that were not accepted, with line, value and reason",
  tags: ["Catalogs"],
  ...signedIn("read"),
  request: { params: CatalogParams, query: strictQuery(pageQuery) },
  responses: { 200: json(pageOf(RejectedRowSchema), "A page"), ...problems(400, 401, 404, 503) },
});

/** Byte offset of the next row. */
const OffsetSchema = z.number().int().min(0);

/** Registers `GET /catalogs/{id}/rejected`. Its cursor holds the byte offset of the next row. */
export const listRejected = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const { userId } = callerOf(c);
    const catalog = await deps.catalogs.getCatalog(c.req.valid("param").id, userId);
    // The key too: a file that is read again has rows in other places.
    const list: ListName = [userId, "rejected", catalog.catalog_id, catalog.rejects_key];
    const offset = await deps.cursors.open(list, cursor, OffsetSchema);
    if (catalog.rejects_key === null || catalog.rows.rejected === 0)
      return c.json({ items: [], next_cursor: null }, 200);
    const { rows, next } = await deps.readRejected(catalog.rejects_key, offset ?? 0, limit);
    return c.json({ items: [...rows], next_cursor: await deps.cursors.seal(list, next) }, 200);
  });
};
