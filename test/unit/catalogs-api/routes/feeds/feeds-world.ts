import { createApp } from "../../../../../lambdas/catalogs-api/app.ts";
import { CallCounts } from "../../../../../lambdas/common/adapters/dynamodb/access/call-counts.ts";
import { Feeds } from "../../../../../lambdas/common/adapters/dynamodb/access/feeds.ts";
import { ProductStore } from "../../../../../lambdas/common/adapters/dynamodb/products/product-store.ts";
import { FEED_LIMIT } from "../../../../../lambdas/common/core/access/call-limits.ts";
import { NewFeedSchema } from "../../../../../lambdas/common/core/contract/access/feeds.ts";
import type { Product } from "../../../../../lambdas/common/core/products/product.ts";
import type { SourceId } from "../../../../../lambdas/common/core/source-ids.ts";
import { person } from "../../../../helpers/access/callers.ts";
import { ACCESS_TABLE } from "../../../../helpers/memory/access-table.ts";
import { MemoryDynamo } from "../../../../helpers/memory/memory-dynamo.ts";
import { rightsAt } from "../../../../helpers/rights.ts";
import { aCatalog, aRun, asinNumber, NOON } from "../../../../helpers/rows.ts";
import { silentLog } from "../../../../helpers/silent.ts";
import { fakeDeps } from "../../fake-deps.ts";

export const CATALOG = "cat_0123456789abcdef";
export const FEEDS = `/catalogs/${CATALOG}/feeds`;
export const ANNA = person("anna");

/** Anna's catalog of three products, over tables in memory, at noon. */
export const feedsWorld = () => {
  const { deps, world } = fakeDeps();
  world.nowMs = NOON;
  const [segment] = aRun().segments;
  if (segment === undefined) throw new Error("a run without a segment");
  world.catalogs.push(aCatalog({ catalog_id: CATALOG, user_id: "anna", name: "Lamps" }));
  const tables = new MemoryDynamo({ access: ACCESS_TABLE, products: { keys: ["product_key"] } });
  const revoked = new Set<SourceId>();
  const rights = rightsAt(() => world.nowMs);
  const products = new ProductStore(
    tables.client(),
    "products",
    { ...rights, revoked: async () => revoked },
    silentLog,
  );
  const skus: Record<string, string> = {};
  /** What happens between the read of products and the answer. */
  const between = { reads: () => {} };
  const app = createApp({
    ...deps,
    feeds: new Feeds(tables.client(), "access"),
    feedCalls: new CallCounts(tables.client(), "access", FEED_LIMIT),
    products: {
      getMany: async (keys) => {
        const found = await products.getMany(keys);
        between.reads();
        return found;
      },
    },
    readProductRows: async (_, from, count) =>
      Array.from({ length: count }, (__, index) => asinNumber(from + index + 1)).map((asin) => ({
        asin,
        ...(skus[asin] === undefined ? {} : { sku: skus[asin] }),
      })),
  });
  const ask = async (method: string, path: string, env: object = {}, body?: unknown, headers = {}) => {
    const init = {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    const response = await app.request(`/api/v1${path}`, init, env);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  return {
    world,
    tables,
    revoked,
    skus,
    between,
    ask,
    /** Makes the catalog one of so many products. */
    grow: (count: number) => {
      world.catalogs = world.catalogs.map((row) => ({
        ...row,
        rows: { ...row.rows, valid: count },
        segments: [{ ...segment, products: count }],
      }));
    },
    save: (...all: readonly Product[]) =>
      products.saveMany(all.map((product) => ({ product, raw_keys: [], refresh_until: null }))),
    make: async (request: object = { name: "price sheet" }) =>
      NewFeedSchema.parse(JSON.parse((await ask("POST", FEEDS, ANNA, request)).text)),
  };
};
