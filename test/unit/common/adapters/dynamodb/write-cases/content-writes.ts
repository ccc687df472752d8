import { ContentCountStore } from "../../../../../../lambdas/common/adapters/dynamodb/content-ends/content-counts.ts";
import { ContentEnds } from "../../../../../../lambdas/common/adapters/dynamodb/content-ends/content-ends.ts";
import { Revocations } from "../../../../../../lambdas/common/adapters/dynamodb/content-ends/revocations.ts";
import { SweptCounts } from "../../../../../../lambdas/common/adapters/dynamodb/content-ends/swept-counts.ts";
import { ProductHistory } from "../../../../../../lambdas/common/adapters/dynamodb/product-history/product-history.ts";
import { EndedProducts } from "../../../../../../lambdas/common/adapters/dynamodb/products/ended-products.ts";
import { ProductStore } from "../../../../../../lambdas/common/adapters/dynamodb/products/product-store.ts";
import { NOTHING_RECORDED } from "../../../../../../lambdas/common/core/history/change.ts";
import { newCensus } from "../../../../../../lambdas/common/core/licences/revocations/census.ts";
import { newRevocation } from "../../../../../../lambdas/common/core/licences/revocations/revocation.ts";
import { aProduct } from "../../../../../helpers/products.ts";
import { rightsAt } from "../../../../../helpers/rights.ts";
import { NOON } from "../../../../../helpers/rows.ts";
import { silentLog } from "../../../../../helpers/silent.ts";
import type { WriteCases } from "./write-case.ts";

const iso = (ms = 0): string => new Date(NOON + ms).toISOString();
const NOW = iso();
const LATER = iso(90_000);
const clock = { now: () => NOON, sleep: async () => {} };
const revocation = newRevocation({ revocation_id: "rev_0123456789abcdef", source: "keepa", requested_by: "op" }, NOON);
const anEndedProduct = { ...aProduct(), product_key: aProduct().product_id };

/** Throws the fault that a sweep gives beside what it did. */
const orFault = <Result extends { readonly fault?: unknown }>({ fault, ...result }: Result) => {
  if (fault !== undefined) throw fault;
  return result;
};

/** Writes of this room of adapters. */
export const CONTENT_WRITES: WriteCases = {
  "content-ends/content-ends.ts": {
    note: {
      write: (c) =>
        new ContentEnds(c, "content-ends", { now: () => NOON }).note([
          { endsAtMs: NOON + 1, content: { kind: "products", product_keys: ["p1"] } },
        ]),
    },
    saveSweep: {
      write: (c) =>
        new ContentEnds(c, "content-ends", { now: () => NOON }).saveSweep({
          ...{ place: NOW, raw_swept_at: null, table_after: null, table_swept_at: null },
        }),
    },
  },
  "product-history/product-history.ts": {
    record: {
      write: (c) =>
        new ProductHistory(c, "product-history").record("p1", NOTHING_RECORDED, [
          { field: "title", value: "T", currency: null, source: "keepa", changed_at: NOW },
        ]),
    },
    savePrices: {
      write: (c) =>
        new ProductHistory(c, "product-history").savePrices("p1", {
          ...{ source: "keepa", fetched_at: NOW },
          series: [{ name: "new", points: [[1, 199]], has_earlier: false }],
        }),
    },
    removeSource: {
      seeds: {
        "product-history": [{ product_key: "p1", changed_at_field: `${NOW}#title`, field: "title", source: "keepa" }],
      },
      write: (c) => new ProductHistory(c, "product-history").removeSource("keepa", null, NOON).then(orFault),
    },
    "record of several": {
      write: (c) =>
        new ProductHistory(c, "product-history").record("p1", NOTHING_RECORDED, [
          { field: "current_price", value: "1.00", currency: "USD", source: "keepa", changed_at: NOW },
          { field: "title", value: null, currency: null, source: null, changed_at: LATER },
        ]),
    },
  },
  "content-ends/content-counts.ts": {
    request: { write: (c) => new ContentCountStore(c, "content-ends").request(NOW) },
    save: {
      write: (c) =>
        new ContentCountStore(c, "content-ends").save(
          { requested_at: null, running: null, last: null, version: 0 },
          { running: newCensus(NOW), last: null },
        ),
    },
  },
  "content-ends/revocations.ts": {
    create: { write: (c) => new Revocations(c, "content-ends", clock).create(revocation) },
    advance: {
      seeds: { "content-ends": [{ ends_hour: "revocations", ends_at_id: revocation.revocation_id, ...revocation }] },
      write: (c) => new Revocations(c, "content-ends", clock).advance({ ...revocation, products_read: 7 }, LATER),
    },
  },
  "content-ends/swept-counts.ts": {
    add: {
      seeds: {
        "content-ends": [{ ends_hour: "swept", ends_at_id: "keepa", fields: 4, since: NOW, last_call: "another" }],
      },
      write: (c) => new SweptCounts(c, "content-ends").add("keepa", { fields: 3, raw_answers: 1 }, LATER),
    },
  },
  "products/ended-products.ts": {
    sweep: {
      seeds: { products: [anEndedProduct] },
      write: (c) =>
        new EndedProducts(
          c,
          "products",
          rightsAt(() => NOON + 86_400_000),
        )
          .sweep([anEndedProduct.product_key], new Set())
          .then(orFault),
    },
    removeUnreadable: {
      seeds: { products: [{ ...anEndedProduct, title: 7 }] },
      write: (c) =>
        new EndedProducts(c, "products", rightsAt()).sweep([anEndedProduct.product_key], new Set()).then(orFault),
    },
  },
  "products/product-store.ts": {
    rememberNotFound: {
      write: (c) => new ProductStore(c, "products", rightsAt(), silentLog).rememberNotFound("p1", ["keepa"], LATER),
    },
    keepFresh: {
      seeds: { products: [{ ...aProduct(), product_key: aProduct().product_id, refresh_until: NOW }] },
      write: (c) => new ProductStore(c, "products", rightsAt(), silentLog).keepFresh(aProduct().product_id, LATER),
    },
    saveMany: {
      write: (c) =>
        new ProductStore(c, "products", rightsAt(), silentLog).saveMany([
          { product: aProduct(), raw_keys: [], refresh_until: null },
        ]),
    },
  },
};
