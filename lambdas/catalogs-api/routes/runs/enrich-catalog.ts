import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type { NewAnswer } from "../../../common/adapters/dynamodb/operations/committed-answers.ts";
import type { CatalogRow } from "../../../common/core/catalogs/catalog-row.ts";
import { MAX_REJECTED_ROWS } from "../../../common/core/contract/catalogs/rejected.ts";
import { type UploadReport, UploadReportSchema } from "../../../common/core/contract/uploads/upload-report.ts";
import { ConflictError } from "../../../common/core/errors.ts";
import { isOpen } from "../../../common/core/runs/run-states.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { answerOnce, IdempotencyHeaders } from "../../../common/platform/http/answer-once.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import type { StoredAnswer } from "../../../common/platform/http/once-request.ts";
import { CatalogParams, json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import { dispatchNow } from "../../../common/services/dispatch/dispatch-now.ts";
import type { Deps } from "../../deps.ts";
import { estimateUpload } from "./estimate-upload.ts";
import { type RunQuery, requireRefresh, runOptions, runQuery } from "./run-query.ts";
import { requireEnabled, requireSource, runSources } from "./run-sources.ts";
import { sampleKeys } from "./sample-keys.ts";
import { buildRun } from "./start-run.ts";

const route = createRoute({
  method: "post",
  path: `${API_BASE}/catalogs/{id}/enrich`,
  summary: "Start a new run over a stored catalog",
  tags: ["Catalogs"],
  ...signedIn("upload"),
  request: { params: CatalogParams, query: strictQuery(runQuery), headers: IdempotencyHeaders },
  responses: {
    202: json(UploadReportSchema, "The run has begun"),
    ...problems(400, 401, 404, 409, 422, 503),
  },
});

/** States in which a catalog has no products yet. */
const NOT_READY = ["awaiting_upload", "ingesting", "ingest_failed"];

/** Rejected rows of the upload, as it reported them. */
const rejectedOf = async (
  deps: Pick<Deps, "readRejected">,
  { rows, rejects_key }: CatalogRow,
): Promise<UploadReport["rejected"]> => {
  if (rejects_key === null || rows.rejected === 0) return { count: rows.rejected, rows: [] };
  const page = await deps.readRejected(rejects_key, 0, MAX_REJECTED_ROWS);
  return { count: rows.rejected, rows: [...page.rows] };
};

/** Registers `POST /catalogs/{id}/enrich`. */
export const enrichCatalog = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  const claimOf = ({ user_id, catalog_id }: CatalogRow, content_hash: string) =>
    deps.claimContent({ user_id, catalog_id, content_hash }, true);

  const start = async (
    catalogId: string,
    query: RunQuery,
    caller: { userId: string; correlationId: string },
    keep: NewAnswer["keep"],
  ): Promise<StoredAnswer> => {
    const catalog = await deps.catalogs.getCatalog(catalogId, caller.userId);
    if (NOT_READY.includes(catalog.state)) {
      const why = catalog.failure ?? "wait until it is ready.";
      throw new ConflictError(`The catalog is ${catalog.state}: ${why}`, "catalog_not_ready");
    }
    const last = catalog.tracking_id ? await deps.runs.getRun(catalogId, catalog.tracking_id) : undefined;
    if (last && isOpen(last.state)) {
      throw new ConflictError("A run of this catalog is still open; wait for it, or cancel it first.", "run_active");
    }
    const sources = runSources(query, await deps.readSourceStatuses());
    requireSource(sources, query);
    const options = runOptions(query, catalog.rows.valid, deps.defaultBatchSize);
    const run = buildRun(deps, catalog, options, caller.correlationId);
    const estimate = await estimateUpload(deps, {
      segments: catalog.segments,
      sampleKeys: query.force ? [] : await sampleKeys(deps.readProductRows, catalog.segments),
      sources,
      batches: run.batches,
      include_variations: options.include_variations,
    });
    const rejected = await rejectedOf(deps, catalog);
    // Not refused for another catalog with the same products: this one is asked for by name.
    const content = catalog.content_hash === null ? undefined : await claimOf(catalog, catalog.content_hash);
    const report: UploadReport = {
      message: "Enrichment queued successfully",
      catalog_id: catalogId,
      tracking_id: run.batch_id,
      total_products: run.uploaded,
      total_batches: run.batches,
      batch_size: options.batch_size,
      duplicates: catalog.rows.duplicates,
      rejected,
      notes: catalog.notes ?? [],
      estimate,
    };
    const done: StoredAnswer = { status: 202, body: JSON.stringify(report) };
    await deps.runs.createRun(catalog, run, content, keep(done));
    await dispatchNow(run, deps.dispatch, deps.logger);
    return done;
  };

  app.openapi(route, async (c) => {
    const query = c.req.valid("query");
    const { id } = c.req.valid("param");
    const caller = { userId: callerOf(c).userId, correlationId: c.get("correlationId") };
    requireEnabled(query.provider, deps.enabledSources);
    requireRefresh(query.refresh, deps.dailyRefresh);
    const answer = await answerOnce(c, deps.answerOnce, new Uint8Array(), ({ keep }) => start(id, query, caller, keep));
    return c.json(UploadReportSchema.parse(JSON.parse(answer.body)), 202);
  });
};
