import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { isoTime } from "../../../common/core/clock.ts";
import { DeletedCatalogSchema } from "../../../common/core/contract/catalogs/deleted-catalog.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { CatalogParams, json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";

const route = createRoute({
  method: "delete",
  path: `${API_BASE}/catalogs/{id}`,
  summary: "Delete a catalog with its runs and failures",
  description:
    "It is gone at once: a run under way is cancelled, and every later call answers 404. Rows and files, the uploaded one too, are removed in the background; exports can no longer be fetched here and end by their 30-day lifecycle. The products stay, because other catalogs share them.",
  tags: ["Catalogs"],
  ...signedIn("upload"),
  request: { params: CatalogParams, query: strictQuery({}) },
  responses: {
    202: json(DeletedCatalogSchema, "Deleted; the removal continues in the background"),
    ...problems(400, 401, 404, 503),
  },
});

/** Registers `DELETE /catalogs/{id}`. */
export const deleteCatalog = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const catalog = await deps.deleted.markDeleted(id, callerOf(c).userId, isoTime(deps.clock.now()));
    // If we die here, reconcile cancels the run.
    const run = catalog.tracking_id ? await deps.runs.getRun(id, catalog.tracking_id) : undefined;
    if (run) await deps.lifecycle.stop(run, deps.newId());
    return c.json({ catalog_id: id, message: "Deleted. Its products stay; other catalogs may share them." }, 202);
  });
};
