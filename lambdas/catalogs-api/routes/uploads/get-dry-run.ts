import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { batchCount, batchSizeFor } from "../../../common/core/batches/partition/batch-size.ts";
import { CatalogIdSchema } from "../../../common/core/catalogs/catalog-id.ts";
import type { DryRunResult, DryRunRow } from "../../../common/core/catalogs/dry-run.ts";
import { DryRunSchema } from "../../../common/core/contract/uploads/dry-run.ts";
import type { UploadReport } from "../../../common/core/contract/uploads/upload-report.ts";
import { NotFoundError } from "../../../common/core/errors.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { estimateUpload } from "../runs/estimate-upload.ts";
import { runSources } from "../runs/run-sources.ts";

/** The id of a dry run has the form of a catalog id. */
const DryRunParams = z.object({
  id: CatalogIdSchema.describe("The dry run, as `dry_run_id` of `POST /catalogs/uploads` named it.").meta({
    example: "cat_0d1z9k4m2v7h3n5x",
  }),
});

const route = createRoute({
  method: "get",
  path: `${API_BASE}/catalogs/dry-runs/{id}`,
  summary: "What a large file would cost, once it is judged",
  tags: ["Catalogs"],
  ...signedIn("read"),
  request: { params: DryRunParams, query: strictQuery({}) },
  responses: { 200: json(DryRunSchema, "The dry run"), ...problems(400, 401, 404, 503) },
});

/** Registers `GET /catalogs/dry-runs/{id}`. */
export const getDryRun = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  const reportOf = async ({ request }: DryRunRow, result: DryRunResult): Promise<UploadReport> => {
    const { rows, segments, rejects, notes, sample_keys } = result;
    const wish = { provider: request.run.provider ?? undefined, fallback: request.run.fallback };
    const batch_size = batchSizeFor(request.run.batch_size, rows.valid);
    const batches = batchCount(segments, batch_size);
    const estimate = await estimateUpload(deps, {
      segments,
      sampleKeys: request.run.force ? [] : sample_keys,
      sources: runSources(wish, await deps.readSourceStatuses()),
      batches,
      include_variations: request.run.include_variations,
    });
    return {
      message: "Dry run: nothing was stored",
      catalog_id: null,
      tracking_id: null,
      total_products: rows.valid,
      total_batches: batches,
      batch_size,
      duplicates: rows.duplicates,
      rejected: { count: rows.rejected, rows: rejects },
      notes: notes ?? [],
      estimate,
    };
  };

  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const row = await deps.dryRuns.get(id, deps.clock.now());
    if (row?.owner_id !== callerOf(c).userId) throw new NotFoundError(`there is no dry run "${id}"`);
    const state = row.result ? "judged" : row.failure === null ? "awaiting_upload" : "failed";
    const report = row.result ? await reportOf(row, row.result) : null;
    return c.json({ state, report, failure: row.failure } as const, 200);
  });
};
