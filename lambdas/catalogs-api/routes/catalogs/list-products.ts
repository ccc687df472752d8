import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { ItemStateSchema } from "../../../common/core/batches/batch-states.ts";
import { type CatalogProduct, CatalogProductSchema } from "../../../common/core/contract/catalogs/products.ts";
import { pageOf } from "../../../common/core/contract/page.ts";
import { type LicensedProduct, licensedProduct } from "../../../common/core/licences/licensed-product.ts";
import { READ_AHEAD_ITEMS } from "../../../common/core/list-page.ts";
import { PRODUCT_FIELDS, type Product } from "../../../common/core/products/product.ts";
import { productKey } from "../../../common/core/products/product-key.ts";
import { isFresh, RUN_TTL_SECONDS } from "../../../common/core/products/quality/freshness.ts";
import { signedIn } from "../../../common/platform/http/access/signed-in.ts";
import type { ListName } from "../../../common/platform/http/cursors.ts";
import { API_BASE, callerOf } from "../../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../../common/platform/http/http-env.ts";
import { CatalogParams, json, problems } from "../../../common/platform/http/route-parts.ts";
import { pageQuery, queryFlag, queryNumber, strictQuery } from "../../../common/platform/http/strict-query.ts";
import type { Deps } from "../../deps.ts";
import { findCatalog } from "../../find-catalog.ts";
import { type CatalogItem, type ItemPosition, ItemPositionSchema, readCatalogItems } from "./catalog-items.ts";

/** Chunks that one request reads at most before it answers with what it found. */
const MAX_CHUNKS = 15;

const QuerySchema = strictQuery({
  state: ItemStateSchema.optional().describe("Only products in this state."),
  missing: z
    .enum(PRODUCT_FIELDS)
    .optional()
    .describe("Only products without this field.")
    .meta({ example: "current_price" }),
  min_quality: queryNumber(0, 1).optional().describe("Only products whose `quality.overall` is at least this, 0 to 1."),
  public: queryFlag(false).describe("`true`: without the fields that may not stand on a public site."),
  ...pageQuery,
});
type Query = z.output<typeof QuerySchema>;

const route = createRoute({
  method: "get",
  path: `${API_BASE}/catalogs/{id}/products`,
  summary: "Products of a catalog, each with how it fared in the newest run",
  description: "A page may hold fewer items than `limit`, even none; the list ends when next_cursor is null.",
  tags: ["Catalogs"],
  ...signedIn("read"),
  request: { params: CatalogParams, query: QuerySchema },
  responses: { 200: json(pageOf(CatalogProductSchema), "A page"), ...problems(400, 401, 404, 503) },
});

/** Where a page ends: `skip` items from the beginning of the chunk at `at` on are done. */
const PlaceSchema = z.object({ at: ItemPositionSchema.optional(), skip: z.number().int().min(0) });

const passes = (query: Query, product: Product | undefined): boolean => {
  if (query.missing !== undefined) {
    const { missing } = query;
    const given = product && product[missing] !== null && !product.missing.some(({ field }) => field === missing);
    if (given) return false;
  }
  return query.min_quality === undefined || (product !== undefined && product.quality.overall >= query.min_quality);
};

/** What the table still has of a product that the run did not get is an older copy, and is marked so. */
const served = (item: CatalogItem, product: Product, nowMs: number): Product =>
  item.state === "enriched" || isFresh(product, nowMs, RUN_TTL_SECONDS) ? product : { ...product, stale: true };

const view = (item: CatalogItem, product: LicensedProduct | undefined): CatalogProduct => ({
  asin: item.asin,
  sku: item.sku ?? null,
  marketplace: item.marketplace,
  state: item.state,
  error_code: item.error_code ?? null,
  source: item.source ?? null,
  product: product ?? null,
});

/** Registers `GET /catalogs/{id}/products`. */
export const listProducts = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  /** Takes items of one chunk until the page is full. @returns how many items of the chunk are done */
  const takeFrom = async (
    items: readonly CatalogItem[],
    skip: number,
    query: Query,
    page: CatalogProduct[],
  ): Promise<number> => {
    const filtered = query.missing !== undefined || query.min_quality !== undefined;
    let done = skip;
    while (done < items.length && page.length < query.limit) {
      const slice = items.slice(done, done + (filtered ? READ_AHEAD_ITEMS : query.limit - page.length));
      const wanted = slice.filter((item) => query.state === undefined || item.state === query.state);
      const products = await deps.products.getMany(wanted.map((item) => productKey(item.marketplace, item.asin)));
      for (const item of slice) {
        if (page.length === query.limit) break;
        done += 1;
        if (!wanted.includes(item)) continue;
        const stored = products.get(productKey(item.marketplace, item.asin));
        const product =
          stored && licensedProduct(served(item, stored, deps.clock.now()), deps.licences, { public: query.public });
        if (passes(query, product)) page.push(view(item, product));
      }
    }
    return done;
  };

  app.openapi(route, async (c) => {
    const query = c.req.valid("query");
    const { userId } = callerOf(c);
    const { catalog, run } = await findCatalog(deps, c.req.valid("param").id, userId);
    const { state, missing, min_quality } = query;
    const filters = [state, missing, min_quality, query.public ? "public" : undefined];
    const list: ListName = [userId, "products", catalog.catalog_id, run?.batch_id, ...filters];
    const place = await deps.cursors.open(list, query.cursor, PlaceSchema);
    let { at, skip }: { at?: ItemPosition | undefined; skip: number } = place ?? { skip: 0 };
    const page: CatalogProduct[] = [];
    for (let chunks = 0; chunks < MAX_CHUNKS; chunks += 1) {
      const chunk = await readCatalogItems(deps, catalog, run, at);
      skip = await takeFrom(chunk.items, skip, query, page);
      if (skip >= chunk.items.length) {
        if (!chunk.next) return c.json({ items: page, next_cursor: null }, 200);
        at = chunk.next;
        // More than it holds: a batch was written before its last ones, which have moved on to the next chunk.
        skip -= chunk.items.length;
      }
      if (page.length === query.limit) break;
    }
    return c.json({ items: page, next_cursor: await deps.cursors.seal(list, { at, skip }) }, 200);
  });
};
