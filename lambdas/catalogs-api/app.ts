import type { OpenAPIHono } from "@hono/zod-openapi";
import { createHttpApp, type HttpEnv } from "../platform/http/http-app.ts";
import type { Deps } from "./deps.ts";
import { listBatches } from "./routes/catalog-batches.ts";
import { listFailures } from "./routes/catalog-failures.ts";
import { listProducts } from "./routes/catalog-products.ts";
import { listRejected } from "./routes/catalog-rejected.ts";
import { getStatus } from "./routes/catalog-status.ts";
import { cancelRun, pauseRun, resumeRun } from "./routes/control-run.ts";
import { createExport } from "./routes/create-export.ts";
import { deleteCatalog } from "./routes/delete-catalog.ts";
import { enrichCatalog } from "./routes/enrich-catalog.ts";
import { getCatalog } from "./routes/get-catalog.ts";
import { getDryRun } from "./routes/get-dry-run.ts";
import { getExport } from "./routes/get-export.ts";
import { listCatalogs } from "./routes/list-catalogs.ts";
import { retryRun } from "./routes/retry-run.ts";
import { startUpload } from "./routes/start-upload.ts";
import { uploadCatalog } from "./routes/upload-catalog.ts";

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
];

/** The HTTP app of everything below `/catalogs`. Handles API Gateway events through `hono/aws-lambda`. */
export const createApp = (deps: Deps): OpenAPIHono<HttpEnv> => {
  const app = createHttpApp({
    logger: deps.logger,
    now: () => deps.clock.now(),
    newCorrelationId: () => deps.newId(),
  });
  for (const register of ROUTES) register(app, deps);
  return app;
};
