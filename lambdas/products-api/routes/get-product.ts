import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { ProductAnswerSchema } from "../../common/core/contract/products/product.ts";
import { NotFoundError } from "../../common/core/errors.ts";
import { licensedProduct } from "../../common/core/licences/licensed-product.ts";
import { productKey } from "../../common/core/products/product-key.ts";
import { signedIn } from "../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { queryMarketplace } from "../../common/platform/http/shop-query.ts";
import { queryFlag, strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";
import { servedAt } from "../served-at.ts";
import { ProductParams } from "./product-params.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/products/{asin}`,
  summary: "A stored product",
  description: "From the table, whatever its age, without the fields whose licence has ended. No source is asked.",
  tags: ["Products"],
  ...signedIn("read"),
  request: {
    params: ProductParams,
    query: strictQuery({
      marketplace: queryMarketplace(),
      public: queryFlag(false).describe("`true`: without the fields that may not stand on a public site."),
    }),
  },
  responses: { 200: json(ProductAnswerSchema, "The product"), ...problems(400, 401, 404, 503) },
});

/** Registers `GET /products/{asin}`. */
export const getProduct = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    callerOf(c);
    const { asin } = c.req.valid("param");
    const { marketplace = deps.defaultMarketplace, public: isPublic } = c.req.valid("query");
    const key = productKey(marketplace, asin);
    const [products] = await Promise.all([deps.products.getMany([key]), deps.countViews([key])]);
    const product = products.get(key);
    if (!product) {
      throw new NotFoundError(
        `${asin} of ${marketplace} is not stored. Fetch it with POST /products/import, or GET /products/${asin}/enhanced.`,
      );
    }
    return c.json(licensedProduct(servedAt(product, deps.clock.now()), deps.licences, { public: isPublic }), 200);
  });
};
