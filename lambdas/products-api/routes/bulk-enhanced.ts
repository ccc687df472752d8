import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { isoTime } from "../../common/core/clock.ts";
import { BulkAnswerSchema, BulkRequestSchema, type MissingProduct } from "../../common/core/contract/products/bulk.ts";
import { type EnrichlineError, TransientError } from "../../common/core/errors.ts";
import { type LicensedProduct, licensedProduct } from "../../common/core/licences/licensed-product.ts";
import { requireShop } from "../../common/core/marketplaces/shop-settings.ts";
import { signedIn } from "../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { queryFlag, strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";
import { lookUp } from "../look-up/look-up.ts";

const EXAMPLE = { asins: ["B08DQQ8CBP", "B0CR7G9V56"], marketplace: "www.amazon.com" };

const route = createRoute({
  method: "post",
  path: `${API_BASE}/products/bulk-enhanced`,
  summary: "Up to 50 products as they are now",
  description:
    "Each as `GET /products/{asin}/enhanced` gives it; those that are not stored share the calls to the sources.",
  tags: ["Products"],
  ...signedIn("read"),
  request: {
    query: strictQuery({ public: queryFlag(false).describe("`true`: as `public` in the body.") }),
    body: { required: true, content: { "application/json": { schema: BulkRequestSchema, example: EXAMPLE } } },
  },
  responses: { 200: json(BulkAnswerSchema, "What was found, and what was not"), ...problems(400, 401, 409, 415, 503) },
});

const missing = (asin: string, error: EnrichlineError | undefined, nowMs: number): MissingProduct => {
  const seconds = error instanceof TransientError ? error.retryAfterSeconds : undefined;
  return {
    asin,
    code: error?.code ?? "not_found",
    reason: error?.message ?? "No source has it.",
    retry_at: seconds === undefined ? null : isoTime(nowMs + seconds * 1_000),
  };
};

/** Registers `POST /products/bulk-enhanced`. */
export const bulkEnhanced = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    callerOf(c);
    const startedMs = deps.clock.now();
    const { asins: named, marketplace = deps.defaultMarketplace, public: isAsked = false } = c.req.valid("json");
    const isPublic = isAsked || c.req.valid("query").public;
    requireShop(await deps.shops(), marketplace);
    const asins = [...new Set(named)];
    const answers = await lookUp(deps.lookUp, { asins, marketplace, realTime: false, startedMs });
    const nowMs = deps.clock.now();
    const products: LicensedProduct[] = [];
    const lacking: MissingProduct[] = [];
    for (const asin of asins) {
      const found = answers.get(asin);
      if (found === undefined || found instanceof Error) lacking.push(missing(asin, found, nowMs));
      else products.push(licensedProduct(found, deps.licences, { public: isPublic }));
    }
    return c.json({ products, missing: lacking }, 200);
  });
};
