import type { OpenAPIHono } from "@hono/zod-openapi";
import { createHttpApp } from "../common/platform/http/http-app.ts";
import type { HttpEnv } from "../common/platform/http/http-env.ts";
import type { Deps } from "./deps.ts";
import { deleteCatalog } from "./routes/catalogs/delete-catalog.ts";
import { getCatalog } from "./routes/catalogs/get-catalog.ts";
import { listCatalogs } from "./routes/catalogs/list-catalogs.ts";
import { listProducts } from "./routes/catalogs/list-products.ts";
import { listRejected } from "./routes/catalogs/list-rejected.ts";
import { createExport } from "./routes/exports/create-export.ts";
import { getExport } from "./routes/exports/get-export.ts";
import { fetchFeed } from "./routes/feeds/fetch-feed.ts";
import { createFeed, listFeeds, revokeFeed } from "./routes/feeds/manage-feeds.ts";
import { cancelRun, pauseRun, resumeRun } from "./routes/runs/control-run.ts";
import { enrichCatalog } from "./routes/runs/enrich-catalog.ts";
import { getStatus } from "./routes/runs/get-status.ts";
import { listBatches } from "./routes/runs/list-batches.ts";
import { listFailures } from "./routes/runs/list-failures.ts";
import { retryRun } from "./routes/runs/retry-run.ts";
import { getDryRun } from "./routes/uploads/get-dry-run.ts";
import { startUpload } from "./routes/uploads/start-upload.ts";
import { uploadCatalog } from "./routes/uploads/upload-catalog.ts";

const ROUTES = [
  uploadCatalog,
  startUpload,
  getDryRun,
  listCatalogs,
  getCatalog,
  listRejected,
  getStatus,
  listBatches,
  listProducts,
  listFailures,
  enrichCatalog,
  pauseRun,
  resumeRun,
  cancelRun,
  retryRun,
  deleteCatalog,
  createExport,
  getExport,
  createFeed,
  listFeeds,
  revokeFeed,
  fetchFeed,
];

/** The HTTP app of everything below `/catalogs`. Handles API Gateway events through `hono/aws-lambda`. */
export const createApp = (deps: Deps): OpenAPIHono<HttpEnv> => {
  const app = createHttpApp({
    logger: deps.logger,
    now: () => deps.clock.now(),
    newCorrelationId: () => deps.newId(),
    keyCalls: deps.keyCalls,
  });
  for (const register of ROUTES) register(app, deps);
  return app;
};
