import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { SearchAnswerSchema, SearchRequestSchema } from "../../common/core/contract/products/search.ts";
import { licensedProduct } from "../../common/core/licences/licensed-product.ts";
import { requireShop } from "../../common/core/marketplaces/shop-settings.ts";
import { amountFromMinor } from "../../common/core/money/money.ts";
import { findMarketplace } from "../../common/core/products/marketplaces.ts";
import { signedIn } from "../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";
import { LOOK_UP_MS } from "../look-up/look-up.ts";

const EXAMPLE = { query: "esp32 devkit", category: "Electronics", max_price: 2_500, marketplace: "www.amazon.com" };

const route = createRoute({
  method: "post",
  path: `${API_BASE}/sourcing/search`,
  summary: "Search a shop",
  description:
    "By the Creators API, then PA-API, then the other sources that can search. Each product names the source of its fields and its quality. Nothing is stored; import what you want to keep.",
  tags: ["Products"],
  ...signedIn("read"),
  request: {
    query: strictQuery({}),
    body: { required: true, content: { "application/json": { schema: SearchRequestSchema, example: EXAMPLE } } },
  },
  responses: { 200: json(SearchAnswerSchema, "What was found"), ...problems(400, 401, 409, 415, 503) },
});

/** Registers `POST /sourcing/search`. */
export const searchShop = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    callerOf(c);
    const startedMs = deps.clock.now();
    const { marketplace = deps.defaultMarketplace, min_price, max_price, ...search } = c.req.valid("json");
    requireShop(await deps.shops(), marketplace);
    const digits = findMarketplace(marketplace)?.currencyDigits ?? 2;
    const inMajor = (minor: number | undefined) => (minor === undefined ? undefined : amountFromMinor(minor, digits));
    const minPrice = inMajor(min_price);
    const maxPrice = inMajor(max_price);
    const found = await deps.searchNow(
      {
        ...search,
        marketplace,
        ...(minPrice === undefined ? {} : { minPrice }),
        ...(maxPrice === undefined ? {} : { maxPrice }),
      },
      startedMs + LOOK_UP_MS,
    );
    const products = found.products.map((product) => licensedProduct(product, deps.licences));
    return c.json({ products, source: found.source }, 200);
  });
};
