import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { KeyPositionSchema } from "../../common/adapters/dynamodb/products/product-keys.ts";
import { pageOf } from "../../common/core/contract/page.ts";
import { ProductAnswerSchema } from "../../common/core/contract/products/product.ts";
import { type LicensedProduct, licensedProduct } from "../../common/core/licences/licensed-product.ts";
import { READ_AHEAD_ITEMS } from "../../common/core/list-page.ts";
import { PRODUCT_FIELDS, ProductStatusSchema } from "../../common/core/products/product.ts";
import { SourceIdSchema } from "../../common/core/source-ids.ts";
import { NOT_BLANK } from "../../common/core/text/not-blank.ts";
import { signedIn } from "../../common/platform/http/access/signed-in.ts";
import type { ListName } from "../../common/platform/http/cursors.ts";
import { API_BASE, callerOf } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { queryMarketplace } from "../../common/platform/http/shop-query.ts";
import { pageQuery, queryFlag, queryNumber, strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";
import { servedAt } from "../served-at.ts";
import { passesFilter } from "./product-filter.ts";

/** Products that one request reads at most before it answers with what it found; a hundred take about 30 ms. */
const MAX_READ = 1_000;
/** Pages of keys, most of them of empty buckets in a small table. */
const MAX_KEY_PAGES = 48;

const QuerySchema = strictQuery({
  status: ProductStatusSchema.optional().describe("Only products in this state."),
  marketplace: queryMarketplace().describe(
    "Only products of this shop, as www.amazon.de, amazon.de or DE; absent: all.",
  ),
  missing: z
    .enum(PRODUCT_FIELDS)
    .optional()
    .describe("Only products without this field.")
    .meta({ example: "current_price" }),
  min_quality: queryNumber(0, 1).optional().describe("Only products whose `quality.overall` is at least this, 0 to 1."),
  q: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .describe("Only products whose title, brand, manufacturer or ASIN has each of these words, in any case.")
    .meta(NOT_BLANK),
  source: SourceIdSchema.optional().describe("Only products with a field of this source."),
  public: queryFlag(false).describe("`true`: without the fields that may not stand on a public site."),
  ...pageQuery,
});

const route = createRoute({
  method: "get",
  path: `${API_BASE}/products`,
  summary: "Stored products, of all catalogs, imports and look-ups",
  description:
    "In an order of no meaning that stays the same. A page may hold fewer items than `limit`, even none; the list ends when next_cursor is null.",
  tags: ["Products"],
  ...signedIn("read"),
  request: { query: QuerySchema },
  responses: { 200: json(pageOf(ProductAnswerSchema), "A page"), ...problems(400, 401, 503) },
});

/** Registers `GET /products`. */
export const listStored = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    const { limit, cursor, marketplace, public: isPublic, ...filter } = c.req.valid("query");
    const { status, missing, min_quality, q, source } = filter;
    const { userId } = callerOf(c);
    const shapedBy = [marketplace, isPublic, status, missing, min_quality, q, source];
    const list: ListName = [userId, "stored-products", ...shapedBy];
    const isNarrowed = Object.values(filter).some((one) => one !== undefined);
    let at = (await deps.cursors.open(list, cursor, KeyPositionSchema)) ?? { bucket: 0 };
    const items: LicensedProduct[] = [];
    for (let pages = 0, read = 0; pages < MAX_KEY_PAGES && read < MAX_READ; pages += 1) {
      const { keys, next } = await deps.keys.list(
        at,
        isNarrowed ? READ_AHEAD_ITEMS : limit - items.length,
        marketplace,
      );
      const products = await deps.products.getMany(keys);
      read += keys.length;
      for (const key of keys) {
        if (items.length === limit) {
          return c.json({ items, next_cursor: await deps.cursors.seal(list, at) }, 200);
        }
        const product = products.get(key);
        const shown =
          product && licensedProduct(servedAt(product, deps.clock.now()), deps.licences, { public: isPublic });
        if (shown && passesFilter(shown, filter)) items.push(shown);
        at = { bucket: at.bucket, after: key };
      }
      if (next === undefined) return c.json({ items, next_cursor: null }, 200);
      at = next;
      if (items.length === limit) break;
    }
    return c.json({ items, next_cursor: await deps.cursors.seal(list, at) }, 200);
  });
};
