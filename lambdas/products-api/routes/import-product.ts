import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import {
  type ImportAnswer,
  ImportAnswerSchema,
  ImportRequestSchema,
} from "../../common/core/contract/products/import.ts";
import { GoneError } from "../../common/core/errors.ts";
import { licensedProduct } from "../../common/core/licences/licensed-product.ts";
import { requireShop } from "../../common/core/marketplaces/shop-settings.ts";
import { parseJson } from "../../common/core/parse-json.ts";
import { isGiven } from "../../common/core/products/critical-fields.ts";
import { NOTHING_MERGED } from "../../common/core/products/merge.ts";
import { PRODUCT_FIELDS, type Product } from "../../common/core/products/product.ts";
import { productKey } from "../../common/core/products/product-key.ts";
import { signedIn } from "../../common/platform/http/access/signed-in.ts";
import { answerOnce, IdempotencyHeaders } from "../../common/platform/http/answer-once.ts";
import { API_BASE } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import type { StoredAnswer } from "../../common/platform/http/once-request.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";
import { LOOK_UP_MS } from "../look-up/look-up.ts";
import { noSourceConfigured, refusalOf } from "../look-up/refusal-of.ts";

const EXAMPLE = { asin: "B08DQQ8CBP", marketplace: "www.amazon.com" };

const route = createRoute({
  method: "post",
  path: `${API_BASE}/products/import`,
  summary: "Fetch a product now and keep it",
  description:
    "Asks the sources whatever is stored, keeps all that they give with the raw answers, and lets the daily refresh keep it for 30 days. A field that no source has is null; `missing` says why.",
  tags: ["Products"],
  ...signedIn("upload"),
  request: {
    query: strictQuery({}),
    headers: IdempotencyHeaders,
    body: { required: true, content: { "application/json": { schema: ImportRequestSchema, example: EXAMPLE } } },
  },
  responses: {
    200: json(ImportAnswerSchema, "It was stored before, and is up to date now"),
    201: json(ImportAnswerSchema, "It is stored now"),
    ...problems(400, 401, 404, 409, 410, 415, 422, 503),
  },
});

/**
 * What is remembered of an answer under an Idempotency-Key: no field of the product, because the row outlives the right to
 * keep some of them.
 */
const ReferenceSchema = z.object({ product_id: z.string(), imported_fields: z.array(z.string()) });

const importedFields = (product: Product): string[] =>
  PRODUCT_FIELDS.filter((field) => product.provenance[field] !== undefined && isGiven(product[field]));

/** Registers `POST /products/import`. */
export const importProduct = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  const fetchAndStore = async (key: string, asked: z.output<typeof ImportRequestSchema>, startedMs: number) => {
    const { asin, marketplace = deps.defaultMarketplace, include } = asked;
    requireShop(await deps.shops(), marketplace);
    const known = (await deps.products.getKnown([key])).get(key);
    const { outcomes, stored, configured } = await deps.fetchNow(
      [{ key, asin, marketplace, known, existing: NOTHING_MERGED }],
      {
        deadlineMs: startedMs + LOOK_UP_MS,
        includeVariations: include.includes("variations"),
        asksAnew: true,
        keepsFresh: true,
      },
    );
    const outcome = outcomes.get(key);
    const product = stored.get(key);
    if (outcome?.kind !== "enriched" || !product) {
      throw configured ? refusalOf(outcome, deps.clock.now()) : noSourceConfigured();
    }
    return { status: known?.product ? (200 as const) : (201 as const), product };
  };

  app.openapi(route, async (c) => {
    const startedMs = deps.clock.now();
    const asked = c.req.valid("json");
    const key = productKey(asked.marketplace ?? deps.defaultMarketplace, asked.asin);
    const content = new TextEncoder().encode(JSON.stringify(asked));
    const { status, body }: StoredAnswer = await answerOnce(c, deps.answerOnce, content, async () => {
      const { status, product } = await fetchAndStore(key, asked, startedMs);
      const reference: z.infer<typeof ReferenceSchema> = {
        product_id: product.product_id,
        imported_fields: importedFields(product),
      };
      return { status, body: JSON.stringify(reference) };
    });
    const { product_id, imported_fields } = ReferenceSchema.parse(parseJson(body));
    const product = (await deps.products.getMany([product_id], { consistent: true })).get(product_id);
    if (!product) throw new GoneError("The product was imported, and its content has been removed since.");
    const answer: ImportAnswer = { product_id, imported_fields, product: licensedProduct(product, deps.licences) };
    return c.json(answer, status === 201 ? 201 : 200);
  });
};
