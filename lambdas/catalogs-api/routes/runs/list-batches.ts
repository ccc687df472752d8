import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { BatchRow } from "../../../common/core/batches/batch-row.ts";
import type { ItemState } from "../../../common/core/batches/batch-states.ts";
import { pageOf } from "../../../common/core/contract/page.ts";
import { type Batch, BatchSchema } from "../../../common/core/contract/runs/batches.ts";
import { ListPositionSchema } from "../../../common/core/list-page.ts";
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
  path: `${API_BASE}/catalogs/{id}/batches`,
  summary: "Batches of the newest run that were sent so far",
  tags: ["Catalogs"],
  ...signedIn("read"),
  request: { params: CatalogParams, query: strictQuery(pageQuery) },
  responses: { 200: json(pageOf(BatchSchema), "A page"), ...problems(400, 401, 404, 503) },
});

const batchView = (row: BatchRow): Batch => {
  const count = (state: ItemState) => row.items.filter((item) => item.state === state).length;
  return {
    batch_id: row.batch_id,
    number: row.number,
    state: row.state,
    marketplace: row.marketplace,
    products: row.items.length,
    counts: {
      pending: count("pending"),
      enriched: count("enriched"),
      failed: count("failed"),
      cancelled: count("cancelled"),
    },
    generation: row.generation,
    updated_at: row.updated_at,
  };
};

/** Registers `GET /catalogs/{id}/batches`. */
export const listBatches = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const { userId } = callerOf(c);
    const { catalog, run } = await findCatalog(deps, c.req.valid("param").id, userId);
    const list: ListName = [userId, "batches", catalog.catalog_id, run?.batch_id];
    const after = await deps.cursors.open(list, cursor, ListPositionSchema);
    if (!run) return c.json({ items: [], next_cursor: null }, 200);
    const page = await deps.runs.listBatches(catalog.catalog_id, run.batch_id, { limit, after });
    return c.json({ items: page.items.map(batchView), next_cursor: await deps.cursors.seal(list, page.next) }, 200);
  });
};
