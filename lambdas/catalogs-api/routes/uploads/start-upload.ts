import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import type { NewAnswer } from "../../../common/adapters/dynamodb/operations/committed-answers.ts";
import { newCatalogId } from "../../../common/core/catalogs/catalog-id.ts";
import type { CatalogRow } from "../../../common/core/catalogs/catalog-row.ts";
import { DRY_RUN_SECONDS, type DryRunRow, dryRunKey } from "../../../common/core/catalogs/dry-run.ts";
import { UPLOAD_ADDRESS_SECONDS, UPLOAD_DUE_SHARD, uploadKey } from "../../../common/core/catalogs/upload-object.ts";
import type { UploadRequest } from "../../../common/core/catalogs/upload-request.ts";
import { isoTime } from "../../../common/core/clock.ts";
import { UploadAddressSchema } from "../../../common/core/contract/uploads/upload-address.ts";
import {
  type UploadRequestBody,
  UploadRequestBodySchema,
} from "../../../common/core/contract/uploads/upload-request.ts";
import { requireShop } from "../../../common/core/marketplaces/shop-settings.ts";
import { DEFAULT_MARKETPLACE } from "../../../common/core/products/marketplaces.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { answerOnce, IdempotencyHeaders } from "../../../common/platform/http/answer-once.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import type { StoredAnswer } from "../../../common/platform/http/once-request.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { requireRefresh } from "../runs/run-query.ts";
import { requireEnabled, requireSource, runSources } from "../runs/run-sources.ts";
import { refuseUnusable, uploadRequest } from "./upload-request.ts";

/** When `reconcile` looks for a file whose event was lost: once the address has ended, with time for the transfer. */
const FIRST_CHECK_MS = (UPLOAD_ADDRESS_SECONDS + 600) * 1_000;

const EXAMPLE = {
  name: "Spring",
  marketplace: "www.amazon.de",
  file_name: "spring.csv",
  content_type: "text/csv",
  content_length: 5_242_880,
};

const route = createRoute({
  method: "post",
  path: `${API_BASE}/catalogs/uploads`,
  summary: "Get an address to upload a large catalog to",
  description:
    "For files of up to 1 GiB and 1,000,000 rows. Put the file at `upload_url` with `upload_headers`; it is read as soon as it is there. `GET /catalogs/{id}/status` tells how far that is, and why it failed if it did.",
  tags: ["Catalogs"],
  ...signedIn("upload"),
  request: {
    query: strictQuery({}),
    headers: IdempotencyHeaders,
    body: { required: true, content: { "application/json": { schema: UploadRequestBodySchema, example: EXAMPLE } } },
  },
  responses: {
    201: json(UploadAddressSchema, "Where to put the file"),
    ...problems(400, 401, 409, 413, 415, 422, 503),
  },
});

/** What is stored under an Idempotency-Key: the address itself is signed again for every repeat. */
const StoredRequestSchema = z.object({ id: z.string(), content_type: z.string(), content_length: z.number() });

const awaitedCatalog = (
  id: string,
  userId: string,
  body: UploadRequestBody,
  request: UploadRequest,
  nowMs: number,
): CatalogRow => ({
  catalog_id: id,
  batch_id: "catalog",
  row_type: "catalog",
  user_id: userId,
  created_at: isoTime(nowMs),
  name: body.name ?? body.file_name,
  marketplace: body.marketplace ?? DEFAULT_MARKETPLACE,
  state: "awaiting_upload",
  rows: { total: 0, valid: 0, duplicates: 0, rejected: 0, blank: 0, repaired: 0 },
  segments: [],
  rows_key: null,
  rejects_key: null,
  content_hash: null,
  columns: [],
  tracking_id: null,
  failure: null,
  deleted_at: null,
  upload: request,
  ingest: { attempt: 0, lease_until: isoTime(nowMs), bytes_read: 0 },
  due_shard: UPLOAD_DUE_SHARD,
  due_at: isoTime(nowMs + FIRST_CHECK_MS),
});

const dryRunRow = (
  id: string,
  userId: string,
  body: UploadRequestBody,
  request: UploadRequest,
  nowMs: number,
): DryRunRow => ({
  operation_key: dryRunKey(id),
  dry_run_id: id,
  owner_id: userId,
  created_at: isoTime(nowMs),
  marketplace: body.marketplace ?? DEFAULT_MARKETPLACE,
  request,
  result: null,
  failure: null,
  expires_at: Math.floor(nowMs / 1_000) + DRY_RUN_SECONDS,
});

/** Registers `POST /catalogs/uploads`. */
export const startUpload = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  const create = async (
    body: UploadRequestBody,
    caller: { userId: string; correlationId: string },
    keep: NewAnswer["keep"],
  ): Promise<StoredAnswer> => {
    if (body.enrich && !body.dry_run) requireSource(runSources(body, await deps.readSourceStatuses()), body);
    if (body.marketplace !== undefined) requireShop(await deps.shops(), body.marketplace);
    const nowMs = deps.clock.now();
    const request = uploadRequest(body, caller.correlationId, deps.defaultBatchSize);
    const id = newCatalogId(nowMs, deps.newId);
    const { content_type, content_length } = request;
    const done: StoredAnswer = { status: 201, body: JSON.stringify({ id, content_type, content_length }) };
    if (body.dry_run) await deps.dryRuns.create(dryRunRow(id, caller.userId, body, request, nowMs));
    else await deps.catalogs.createCatalog(awaitedCatalog(id, caller.userId, body, request, nowMs), keep(done));
    return done;
  };

  app.openapi(route, async (c) => {
    const body = c.req.valid("json");
    requireEnabled(body.provider, deps.enabledSources);
    requireRefresh(body.refresh, deps.dailyRefresh);
    refuseUnusable(body);
    const caller = { userId: callerOf(c).userId, correlationId: c.get("correlationId") };
    const content = new TextEncoder().encode(JSON.stringify(body));
    const answer = await answerOnce(c, deps.answerOnce, content, ({ keep }) => create(body, caller, keep));
    const stored = StoredRequestSchema.parse(JSON.parse(answer.body));
    const address = await deps.signUpload({
      key: uploadKey(stored.id),
      contentType: stored.content_type,
      contentLength: stored.content_length,
    });
    return c.json(
      {
        catalog_id: body.dry_run ? null : stored.id,
        dry_run_id: body.dry_run ? stored.id : null,
        upload_url: address.url,
        upload_headers: { ...address.headers },
        expires_at: isoTime(deps.clock.now() + UPLOAD_ADDRESS_SECONDS * 1_000),
      },
      201,
    );
  });
};
