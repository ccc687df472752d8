import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { type ExportRequest, ExportRequestSchema, ExportSchema } from "../../../common/core/contract/exports/export.ts";
import { ConflictError } from "../../../common/core/errors.ts";
import { exportFileName } from "../../../common/core/exports/export-file-name.ts";
import { newExportJob } from "../../../common/core/exports/export-job.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { answerOnce, IdempotencyHeaders } from "../../../common/platform/http/answer-once.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import type { StoredAnswer } from "../../../common/platform/http/once-request.ts";
import { CatalogParams, json, problems } from "../../../common/platform/http/route-parts.ts";
import { queryFlag, strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { exportView } from "./export-view.ts";

const route = createRoute({
  method: "post",
  path: `${API_BASE}/catalogs/{id}/exports`,
  summary: "Write a catalog with its results to a file",
  description:
    "One row per row of the upload, in its order: your own columns unchanged, then state, missing, error_code, source, as_of, valid_until, title, price, currency, availability, image_url and url; a name that you use yourself gets the prefix enrichline_. In CSV, cells that a spreadsheet would take for a formula get a leading apostrophe. A rejected row has its reason in error_code. The file can be fetched until the first field in it ends by the licence of its source.",
  tags: ["Exports"],
  ...signedIn("read"),
  request: {
    params: CatalogParams,
    query: strictQuery({ public: queryFlag(false).describe("`true`: as `public` in the body.") }),
    headers: IdempotencyHeaders,
    body: {
      required: true,
      content: { "application/json": { schema: ExportRequestSchema, example: { format: "csv" } } },
    },
  },
  responses: {
    202: json(ExportSchema, "The export will be written; ask GET /exports/{id} for it"),
    ...problems(400, 401, 404, 409, 422, 503),
  },
});

/** Registers `POST /catalogs/{id}/exports`. */
export const createExport = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  const create = async (
    catalogId: string,
    body: ExportRequest,
    caller: { userId: string; correlationId: string },
  ): Promise<StoredAnswer> => {
    const catalog = await deps.catalogs.getCatalog(catalogId, caller.userId);
    if (catalog.rows_key === null) {
      throw new ConflictError(
        `The catalog is ${catalog.state}: it has no rows to export. Wait until it is ready.`,
        "catalog_not_ready",
      );
    }
    const nowMs = deps.clock.now();
    const { valid, duplicates, rejected } = catalog.rows;
    const job = newExportJob({
      export_id: `exp_${deps.newId()}`,
      catalog_id: catalogId,
      user_id: caller.userId,
      tracking_id: catalog.tracking_id,
      format: body.format,
      row_state: body.state ?? null,
      public: body.public ?? false,
      file_name: exportFileName(catalog.name, body.format, body.state ?? null, nowMs),
      total_rows: valid + duplicates + rejected,
      correlation_id: caller.correlationId,
      nowMs,
    });
    // The row first: a message without its row would be dropped.
    await deps.exports.create(job);
    await deps.exports.send({
      version: 1,
      export_id: job.export_id,
      catalog_id: catalogId,
      user_id: caller.userId,
      correlation_id: caller.correlationId,
    });
    return { status: 202, body: JSON.stringify(exportView(job, undefined)) };
  };

  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const asked = c.req.valid("json");
    const body = c.req.valid("query").public ? { ...asked, public: true } : asked;
    const caller = { userId: callerOf(c).userId, correlationId: c.get("correlationId") };
    const content = new TextEncoder().encode(JSON.stringify(body));
    const answer = await answerOnce(c, deps.answerOnce, content, () => create(id, body, caller));
    return c.json(ExportSchema.parse(JSON.parse(answer.body)), 202);
  });
};
