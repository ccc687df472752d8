import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { isoTime } from "../../../common/core/clock.ts";
import { ExportSchema } from "../../../common/core/contract/exports/export.ts";
import { GoneError, NotFoundError } from "../../../common/core/errors.ts";
import { ExportIdSchema, revokedIn } from "../../../common/core/exports/export-job.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { json, problems } from "../../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { exportView } from "./export-view.ts";

/** How long a download address is good. */
const DOWNLOAD_SECONDS = 3_600;

const ExportParams = z.object({
  id: ExportIdSchema.describe("The export, as the answer to its request named it.").meta({
    example: "exp_7k2m9x4v1z0d5h3n",
  }),
});

const route = createRoute({
  method: "get",
  path: `${API_BASE}/exports/{id}`,
  summary: "State of an export, and where to fetch it once it is ready",
  tags: ["Exports"],
  ...signedIn("read"),
  request: { params: ExportParams, query: strictQuery({}) },
  responses: { 200: json(ExportSchema, "The export"), ...problems(400, 401, 404, 410, 503) },
});

/** Registers `GET /exports/{id}`. Every call signs a new address. */
export const getExport = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    const { userId } = callerOf(c);
    const nowMs = deps.clock.now();
    const job = await deps.exports.get(id, nowMs);
    if (job?.user_id !== userId) throw new NotFoundError(`there is no export "${id}"`);
    // With its catalog an export is gone too, although the bucket keeps the file for a while.
    await deps.catalogs.getCatalog(job.catalog_id, userId);
    if (job.state !== "ready") return c.json(exportView(job, undefined), 200);
    const revoked = job.revoked_source ?? revokedIn(job, await deps.revoked());
    if (revoked !== undefined) {
      throw new GoneError(
        `The export was removed: all content of ${revoked} was revoked. Ask for a new one with POST /catalogs/${job.catalog_id}/exports.`,
        "export_revoked",
      );
    }
    const leftMs = job.valid_until ? Date.parse(job.valid_until) - nowMs : Number.POSITIVE_INFINITY;
    // The address must not outlive the licence by the part of a second that it cannot name.
    const seconds = Math.min(DOWNLOAD_SECONDS, Math.floor(leftMs / 1_000));
    if (seconds < 1) {
      throw new GoneError(
        `The export ended at ${job.valid_until}: the licence of a source lets its data be kept no longer. Ask for a new one with POST /catalogs/${job.catalog_id}/exports.`,
        "export_expired",
      );
    }
    const url = await deps.exports.downloadUrl(job, seconds);
    return c.json(exportView(job, { url, expires_at: isoTime(nowMs + seconds * 1_000) }), 200);
  });
};
