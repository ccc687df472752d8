import type { OpenAPIHono } from "@hono/zod-openapi";
import { createHttpApp } from "../common/platform/http/http-app.ts";
import type { HttpEnv } from "../common/platform/http/http-env.ts";
import type { Deps } from "./deps.ts";
import { getShopProduct } from "./routes/get-shop-product.ts";
import { listShopProducts } from "./routes/list-shop-products.ts";

const ROUTES = [listShopProducts, getShopProduct];

/** The HTTP app of everything below `/shop`. */
export const createApp = (deps: Deps): OpenAPIHono<HttpEnv> => {
  const app = createHttpApp({ logger: deps.logger, now: () => deps.clock.now(), newCorrelationId: () => deps.newId() });
  for (const register of ROUTES) register(app, deps);
  return app;
};
