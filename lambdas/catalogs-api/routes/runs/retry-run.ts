import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import {
  type Retry,
  type RetryReport,
  RetryReportSchema,
  RetrySchema,
} from "../../../common/core/contract/runs/retry.ts";
import { ConflictError, ValidationError } from "../../../common/core/errors.ts";
import { ListPositionSchema } from "../../../common/core/list-page.ts";
import { permitted } from "../../../common/core/runs/run-transitions.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { answerOnce, IdempotencyHeaders } from "../../../common/platform/http/answer-once.ts";
import type { ListName } from "../../../common/platform/http/cursors.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { CatalogParams, json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { ReopenedReport } from "../../../common/services/lifecycle/reopen-failed.ts";
import type { Deps } from "../../deps.ts";
import { findCatalog } from "../../find-catalog.ts";
import { estimateUpload } from "./estimate-upload.ts";
import { countFailed, type FailedByCode, retrySegments, sampleFailed } from "./retry-preview.ts";
import { requireSource, runSources } from "./run-sources.ts";

const EXAMPLE = { error_codes: ["RetriesExhausted"], dry_run: true };

const route = createRoute({
  method: "post",
  path: `${API_BASE}/catalogs/{id}/retry`,
  summary: "Try failed products of the newest run again",
  description:
    "Reopens failed products inside the run: all of them, or those with some error codes, or some ASINs, or those that are both. One request reopens some 2,000; `remaining` says how many are left for the next; with `next_cursor` as its `cursor` it continues at once where this one stopped. Nothing matches: 409 `nothing_to_retry`. Another run began meanwhile: 409 `run_active`.",
  tags: ["Runs"],
  ...signedIn("upload"),
  request: {
    params: CatalogParams,
    query: strictQuery({}),
    headers: IdempotencyHeaders,
    body: { required: false, content: { "application/json": { schema: RetrySchema, example: EXAMPLE } } },
  },
  responses: {
    200: json(RetryReportSchema, "Dry run: what would be retried"),
    202: json(RetryReportSchema, "The products are pending again"),
    ...problems(400, 401, 404, 409, 415, 422, 503),
  },
});

const nothing = (asked: Retry): ConflictError =>
  new ConflictError(
    asked.error_codes || asked.asins
      ? "No failed product matches; GET /catalogs/{id}/failures lists those that there are."
      : "No product of this run has failed, so there is nothing to retry.",
    "nothing_to_retry",
  );

const sum = (codes: FailedByCode): number => codes.reduce((total, { count }) => total + count, 0);

/** Registers `POST /catalogs/{id}/retry`. */
export const retryRun = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  const retry = async (catalogId: string, userId: string, asked: Retry): Promise<RetryReport> => {
    const { run: seen } = await findCatalog(deps, catalogId, userId);
    const run = permitted("retry", seen);
    const list: ListName = [userId, "retry", catalogId, run.batch_id, asked.error_codes, asked.asins];
    const start = await deps.cursors.open(list, asked.cursor, ListPositionSchema);
    const selection = { errorCodes: asked.error_codes, asins: asked.asins };
    const by_error_code = [...(await countFailed(deps, run, selection))];
    const matched = sum(by_error_code);
    if (matched === 0) throw nothing(asked);
    const wish = { provider: run.options.provider ?? undefined, fallback: run.options.fallback };
    const sources = runSources(wish, await deps.readSourceStatuses());
    if (!asked.dry_run) requireSource(sources, wish);
    const segments = retrySegments(run, matched);
    const batches = Math.ceil(matched / run.options.batch_size);
    const estimate = await estimateUpload(deps, {
      segments,
      sampleKeys: await sampleFailed(deps, run, selection),
      sources,
      batches,
      include_variations: run.options.include_variations,
    });
    const done: Pick<ReopenedReport, "products" | "inProgress" | "next"> = asked.dry_run
      ? { products: 0, inProgress: 0 }
      : await deps.lifecycle.retry(run, selection, start);
    const next_cursor = await deps.cursors.seal(list, done.next);
    return {
      tracking_id: run.batch_id,
      dry_run: asked.dry_run,
      matched,
      by_error_code,
      reopened: done.products,
      in_progress: done.inProgress,
      remaining: asked.dry_run ? 0 : Math.max(0, matched - done.products),
      ...(next_cursor === null ? {} : { next_cursor }),
      estimate,
    };
  };

  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const { userId } = callerOf(c);
    const content = new Uint8Array(await c.req.arrayBuffer());
    if (content.byteLength > 0 && !c.req.header("content-type")?.includes("json")) {
      throw new ValidationError("Send the selection as application/json.", {
        code: "unsupported_media_type",
        status: 415,
      });
    }
    // Without a body the validator leaves nothing behind; that means all failed products.
    const asked = RetrySchema.parse(content.byteLength === 0 ? {} : c.req.valid("json"));
    if (asked.dry_run) return c.json(await retry(id, userId, asked), 200);
    const { body } = await answerOnce(c, deps.answerOnce, content, async () => ({
      status: 202,
      body: JSON.stringify(await retry(id, userId, asked)),
    }));
    return c.json(RetryReportSchema.parse(JSON.parse(body)), 202);
  });
};
