import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { pageOf } from "../../../common/core/contract/page.ts";
import { type Failure, FailureSchema } from "../../../common/core/contract/runs/failures.ts";
import { ListPositionSchema } from "../../../common/core/list-page.ts";
import type { FailureRow } from "../../../common/core/runs/failure-row.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import type { ListName } from "../../../common/platform/http/cursors.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { CatalogParams, json, problems } from "../../../common/platform/http/route-parts.ts";
import { pageQuery, strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { findCatalog } from "../../find-catalog.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/catalogs/{id}/failures`,
  summary: "Products that failed in the newest run, with cause and words",
  description:
    "Those that a retry brought to a good end are left out. A page may hold fewer items than `limit`, even none; the list ends when next_cursor is null.",
  tags: ["Runs"],
  ...signedIn("read"),
  request: {
    params: CatalogParams,
    query: strictQuery({
      error_code: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .describe("Only products that failed with this code.")
        .meta({ example: "NotFound" }),
      ...pageQuery,
    }),
  },
  responses: { 200: json(pageOf(FailureSchema), "A page"), ...problems(400, 401, 404, 503) },
});

const failureView = (row: FailureRow): Failure => {
  const [marketplace = "", asin = ""] = row.product_key.split("#");
  const { error_code, source, raw_code, message, attempts, first_seen_at } = row;
  return {
    asin,
    marketplace,
    error_code,
    source,
    raw_code,
    message,
    attempts,
    retrying: row.retrying_since !== undefined,
    first_seen_at,
    last_seen_at: row.failed_at,
  };
};

/** Registers `GET /catalogs/{id}/failures`. */
export const listFailures = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor, error_code } = c.req.valid("query");
    const { userId } = callerOf(c);
    const { catalog, run } = await findCatalog(deps, c.req.valid("param").id, userId);
    const list: ListName = [userId, "failures", catalog.catalog_id, run?.batch_id, error_code];
    const after = await deps.cursors.open(list, cursor, ListPositionSchema);
    if (!run) return c.json({ items: [], next_cursor: null }, 200);
    const page = await deps.failures.listOpen(run.batch_id, { limit, after, error_code });
    return c.json({ items: page.items.map(failureView), next_cursor: await deps.cursors.seal(list, page.next) }, 200);
  });
};
