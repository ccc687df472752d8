import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import type * as z from "zod";
import type { NewAnswer } from "../../../common/adapters/dynamodb/operations/committed-answers.ts";
import { batchCount } from "../../../common/core/batches/partition/batch-size.ts";
import { newCatalogId } from "../../../common/core/catalogs/catalog-id.ts";
import type { CatalogRow } from "../../../common/core/catalogs/catalog-row.ts";
import { ReadingChoicesSchema, readingChoices } from "../../../common/core/catalogs/ingest/reading-choices.ts";
import { isoTime } from "../../../common/core/clock.ts";
import { CatalogNameSchema } from "../../../common/core/contract/uploads/catalog-name.ts";
import { MARKETPLACE_WORDS } from "../../../common/core/contract/uploads/run-choices.ts";
import { type UploadReport, UploadReportSchema } from "../../../common/core/contract/uploads/upload-report.ts";
import { requireShop } from "../../../common/core/marketplaces/shop-settings.ts";
import { DEFAULT_MARKETPLACE, MarketplaceSchema } from "../../../common/core/products/marketplaces.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { answerOnce, IdempotencyHeaders } from "../../../common/platform/http/answer-once.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import type { StoredAnswer } from "../../../common/platform/http/once-request.ts";
import { ProblemError } from "../../../common/platform/http/problems/problem-error.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { queryFlag, strictQuery } from "../../../common/platform/http/strict-query.ts";
import { dispatchNow } from "../../../common/services/dispatch/dispatch-now.ts";
import type { RequestReport } from "../../../common/services/ingest/ingest-request.ts";
import type { Deps } from "../../deps.ts";
import { estimateUpload } from "../runs/estimate-upload.ts";
import { requireRefresh, runOptions, runQuery } from "../runs/run-query.ts";
import { requireEnabled, requireSource, runSources } from "../runs/run-sources.ts";
import { buildRun } from "../runs/start-run.ts";
import { discardUnlessWritten } from "./discard-unless-written.ts";
import { readUpload, type Upload } from "./upload-body.ts";
import { UPLOAD_CONTENT } from "./upload-content.ts";

const QuerySchema = strictQuery({
  name: CatalogNameSchema.optional()
    .describe("Name of the catalog; absent: the one in a JSON document, else the time of the upload.")
    .meta({ example: "spring" }),
  marketplace: MarketplaceSchema.optional()
    .describe(MARKETPLACE_WORDS)
    .meta({ type: "string", example: "www.amazon.de" }),
  enrich: queryFlag(true).describe("Whether a run begins at once; `false`: the catalog is stored only."),
  ...ReadingChoicesSchema.shape,
  ...runQuery,
  dry_run: queryFlag(false).describe("Judge the rows and estimate only; nothing is stored."),
});
type Query = z.output<typeof QuerySchema>;

const route = createRoute({
  method: "post",
  path: `${API_BASE}/catalogs`,
  summary: "Upload a catalog and start enriching it",
  description:
    "JSON, CSV (comma, semicolon, tab or pipe, with a column asin or url, or a bare list) or NDJSON, up to 1 MB and 20,000 rows. A cell or line may name several products. Bad rows are reported by line, value and reason; duplicates are dropped. Send CSV as `application/csv`: API Gateway takes `text/*` for UTF-8 text and would damage anything else, which is refused.",
  tags: ["Catalogs"],
  ...signedIn("upload"),
  request: {
    query: QuerySchema,
    headers: IdempotencyHeaders,
    body: {
      required: true,
      content: UPLOAD_CONTENT,
    },
  },
  responses: {
    200: json(UploadReportSchema, "Dry run: the same report, nothing stored"),
    201: json(UploadReportSchema, "Stored without enriching (enrich=false)"),
    202: json(UploadReportSchema, "Stored, and the run has begun"),
    ...problems(400, 401, 409, 413, 415, 422, 503),
  },
});

const catalogRow = (
  ingested: RequestReport,
  details: { catalogId: string; userId: string; createdAt: string; name: string | undefined; marketplace: string },
): CatalogRow => ({
  catalog_id: details.catalogId,
  batch_id: "catalog",
  row_type: "catalog",
  user_id: details.userId,
  created_at: details.createdAt,
  name: details.name ?? ingested.name ?? `Catalog of ${details.createdAt.slice(0, 16).replace("T", " ")}`,
  marketplace: ingested.marketplace ?? details.marketplace,
  state: "ready",
  rows: ingested.rows,
  segments: ingested.segments,
  rows_key: ingested.rows_key,
  rejects_key: ingested.rejects_key,
  content_hash: ingested.content_hash,
  columns: ingested.columns,
  ...(ingested.notes.length > 0 ? { notes: ingested.notes } : {}),
  tracking_id: null,
  failure: null,
  deleted_at: null,
});

const refuseEmpty = (ingested: RequestReport): void => {
  if (ingested.rows.valid > 0) return;
  throw new ProblemError(
    "No row holds a usable ASIN or product address, so nothing was stored.",
    {
      code: "no_valid_products",
      errors: ingested.rejects.map(({ line, reason }) => ({ field: `line ${line}`, problem: reason })),
    },
    { rejected: { count: ingested.rows.rejected, rows: ingested.rejects } },
  );
};

const answer = (status: StoredAnswer["status"], report: UploadReport): StoredAnswer => ({
  status,
  body: JSON.stringify(report),
});

type Estimated = Omit<UploadReport, "message" | "catalog_id" | "tracking_id">;

/** What the upload comes to: its products, their batches and how long those take. */
const reportOf = async (
  deps: Deps,
  query: Query,
  ingested: RequestReport,
  sources: ReturnType<typeof runSources>,
): Promise<Estimated> => {
  const { batch_size, include_variations } = runOptions(query, ingested.rows.valid, deps.defaultBatchSize);
  const batches = batchCount(ingested.segments, batch_size);
  const sampleKeys = query.force ? [] : ingested.sample_keys;
  return {
    total_products: ingested.rows.valid,
    total_batches: batches,
    batch_size,
    duplicates: ingested.rows.duplicates,
    rejected: { count: ingested.rows.rejected, rows: ingested.rejects },
    notes: ingested.notes,
    estimate: await estimateUpload(deps, {
      segments: ingested.segments,
      sampleKeys,
      sources,
      batches,
      include_variations,
    }),
  };
};

/** Registers `POST /catalogs`. */
export const uploadCatalog = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  const create = async (
    query: Query,
    caller: { userId: string; correlationId: string },
    upload: Upload,
    keep: NewAnswer["keep"],
  ): Promise<StoredAnswer> => {
    const nowMs = deps.clock.now();
    const sources = runSources(query, await deps.readSourceStatuses());
    const starts = query.enrich && !query.dry_run;
    if (starts) requireSource(sources, query);

    const catalogId = newCatalogId(nowMs, deps.newId);
    const marketplace = query.marketplace ?? DEFAULT_MARKETPLACE;
    if (query.marketplace !== undefined) requireShop(await deps.shops(), query.marketplace);
    const reading = readingChoices(query);
    const ingested = await deps.ingest({ catalogId, ...upload, marketplace, reading, store: !query.dry_run });
    refuseEmpty(ingested);
    if (query.dry_run) {
      const report = await reportOf(deps, query, ingested, sources);
      return answer(200, { message: "Dry run: nothing was stored", catalog_id: null, tracking_id: null, ...report });
    }

    const { done, run } = await discardUnlessWritten(ingested, async (write) => {
      const report = await reportOf(deps, query, ingested, sources);
      const details = { catalogId, userId: caller.userId, createdAt: isoTime(nowMs), name: query.name, marketplace };
      const catalog = catalogRow(ingested, details);
      if (!starts) {
        const message = `Stored. Enrich it with POST ${API_BASE}/catalogs/${catalogId}/enrich`;
        const done = answer(201, { message, catalog_id: catalogId, tracking_id: null, ...report });
        await write(() => deps.catalogs.createCatalog(catalog, keep(done)));
        return { done, run: null };
      }
      const options = runOptions(query, ingested.rows.valid, deps.defaultBatchSize);
      const run = buildRun(deps, catalog, options, caller.correlationId);
      const content = { user_id: caller.userId, catalog_id: catalogId, content_hash: ingested.content_hash };
      const claim = await deps.claimContent(content, query.force);
      const message = "Enrichment queued successfully";
      const done = answer(202, { message, catalog_id: catalogId, tracking_id: run.batch_id, ...report });
      await write(() => deps.catalogs.createCatalogWithRun(catalog, run, claim, keep(done)));
      return { done, run };
    });
    if (run) await dispatchNow(run, deps.dispatch, deps.logger);
    return done;
  };

  app.openapi(route, async (c) => {
    const query = c.req.valid("query");
    const caller = { userId: callerOf(c).userId, correlationId: c.get("correlationId") };
    requireEnabled(query.provider, deps.enabledSources);
    requireRefresh(query.refresh, deps.dailyRefresh);
    const upload = await readUpload(c);
    const make = ({ keep }: Pick<NewAnswer, "keep">) => create(query, caller, upload, keep);
    const { status, body } = query.dry_run
      ? await make({ keep: () => undefined })
      : await answerOnce(c, deps.answerOnce, upload.content, make);
    return c.json(UploadReportSchema.parse(JSON.parse(body)), status);
  });
};
