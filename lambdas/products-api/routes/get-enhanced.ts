import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { ProductAnswerSchema } from "../../common/core/contract/products/product.ts";
import { NotFoundError } from "../../common/core/errors.ts";
import { licensedProduct } from "../../common/core/licences/licensed-product.ts";
import { requireShop } from "../../common/core/marketplaces/shop-settings.ts";
import { signedIn } from "../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { queryMarketplace } from "../../common/platform/http/shop-query.ts";
import { queryFlag, strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";
import { lookUp } from "../look-up/look-up.ts";
import { ProductParams } from "./product-params.ts";

const route = createRoute({
  method: "get",
  path: `${API_BASE}/products/{asin}/enhanced`,
  summary: "A product as it is now",
  description:
    "From the table while it is younger than the cache time of its source, else from the sources, at once. When they cannot answer now, the stored copy, marked `stale`, as far as its licence allows; else 503 with a code that says why, such as `circuit_open`.",
  tags: ["Products"],
  ...signedIn("read"),
  request: {
    params: ProductParams,
    query: strictQuery({
      marketplace: queryMarketplace(),
      real_time: queryFlag(false).describe("`true`: the sources are asked whatever the table has."),
      public: queryFlag(false).describe("`true`: without the fields that may not stand on a public site."),
    }),
  },
  responses: { 200: json(ProductAnswerSchema, "The product"), ...problems(400, 401, 404, 409, 503) },
});

/** Registers `GET /products/{asin}/enhanced`. */
export const getEnhanced = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    callerOf(c);
    const startedMs = deps.clock.now();
    const { asin } = c.req.valid("param");
    const { marketplace = deps.defaultMarketplace, real_time, public: isPublic } = c.req.valid("query");
    requireShop(await deps.shops(), marketplace);
    const found = (await lookUp(deps.lookUp, { asins: [asin], marketplace, realTime: real_time, startedMs })).get(asin);
    if (found === undefined) throw new NotFoundError(`No source has ${asin} in ${marketplace}.`);
    if (found instanceof Error) throw found;
    return c.json(licensedProduct(found, deps.licences, { public: isPublic }), 200);
  });
};
