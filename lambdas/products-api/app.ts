import type { OpenAPIHono } from "@hono/zod-openapi";
import { createHttpApp } from "../common/platform/http/http-app.ts";
import type { HttpEnv } from "../common/platform/http/http-env.ts";
import type { Deps } from "./deps.ts";
import { bulkEnhanced } from "./routes/bulk-enhanced.ts";
import { getEnhanced } from "./routes/get-enhanced.ts";
import { getHistory } from "./routes/get-history.ts";
import { getProduct } from "./routes/get-product.ts";
import { importProduct } from "./routes/import-product.ts";
import { listStored } from "./routes/list-stored.ts";
import { searchShop } from "./routes/search-shop.ts";

const ROUTES = [searchShop, listStored, importProduct, bulkEnhanced, getProduct, getEnhanced, getHistory];

/** The HTTP app of everything below `/products`, and of searches. */
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
