import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { isoTime } from "../../common/core/clock.ts";
import {
  HistoryAnswerSchema,
  type KeptPricesAnswer,
  type Series,
} from "../../common/core/contract/products/history.ts";
import { NotFoundError, ValidationError } from "../../common/core/errors.ts";
import { HISTORY_FIELDS, type HistoryField, HistoryFieldSchema } from "../../common/core/history/history-fields.ts";
import { stepsWithin } from "../../common/core/history/price-history.ts";
import { type SeriesPoint, type SeriesRange, seriesOf } from "../../common/core/history/series.ts";
import { rightsOf } from "../../common/core/licences/field-rights.ts";
import type { LicenceBook } from "../../common/core/licences/licence-book.ts";
import { findMarketplace } from "../../common/core/products/marketplaces.ts";
import type { Product } from "../../common/core/products/product.ts";
import { productKey } from "../../common/core/products/product-key.ts";
import type { SeriesRequest } from "../../common/core/sources/source-client.ts";
import { signedIn } from "../../common/platform/http/access/signed-in.ts";
import { API_BASE, callerOf } from "../../common/platform/http/http-app.ts";
import type { HttpEnv } from "../../common/platform/http/http-env.ts";
import { json, problems } from "../../common/platform/http/route-parts.ts";
import { queryMarketplace } from "../../common/platform/http/shop-query.ts";
import { queryFlag, strictQuery } from "../../common/platform/http/strict-query.ts";
import type { Deps } from "../deps.ts";
import { PRICE_KEEPER } from "../look-up/kept-prices.ts";
import { LOOK_UP_MS } from "../look-up/look-up.ts";
import { ProductParams } from "./product-params.ts";

/** Changes of one answer: with a change of each field an hour, a month. */
const MAX_CHANGES = 2_000;

const TIME = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?Z)?$/;
/** A time, or a day in UTC. */
const queryTime = () =>
  z
    .string()
    .regex(TIME, "must be a time in UTC, such as 2026-11-29T12:00:00Z, or a day, such as 2026-11-29")
    .transform((text) => isoTime(Date.parse(text)));

const route = createRoute({
  method: "get",
  path: `${API_BASE}/products/{asin}/history`,
  summary: "Recorded changes of a product",
  description:
    "Series for a plot in steps: price, availability and title, from each change on. A null value is a gap, in which nothing was known. Changes are recorded where the licence of the source allows a history; an empty series says why. With `series=keepa` comes the price history that Keepa kept by itself, for up to two years: asked for at most once a day and product, for one token.",
  tags: ["Products"],
  ...signedIn("read"),
  request: {
    params: ProductParams,
    query: strictQuery({
      marketplace: queryMarketplace(),
      field: HistoryFieldSchema.optional().describe("Only this field; absent: all that are recorded."),
      from: queryTime().optional().describe("Begin, a time in UTC or a day; absent: the first change."),
      to: queryTime().optional().describe("End, a time in UTC or the begin of a day; absent: now."),
      series: z
        .enum([PRICE_KEEPER])
        .optional()
        .describe("`keepa`: the prices that Keepa kept by itself too, whatever `field` says."),
      public: queryFlag(false).describe("`true`: without what may not stand on a public site."),
    }),
  },
  responses: { 200: json(HistoryAnswerSchema, "The history"), ...problems(400, 401, 404, 503) },
});

/** What is to be said of a series that is not recorded now, or empty. */
const explain = (
  field: HistoryField,
  product: Product | undefined,
  points: readonly SeriesPoint[],
  licences: LicenceBook,
): Pick<Series, "recorded" | "why"> => {
  const source = product?.provenance[field]?.source;
  if (source === undefined) {
    return {
      recorded: false,
      why: `No source gives ${field} now${points.length > 0 ? ", so nothing is recorded" : ""}.`,
    };
  }
  if (!licences[source].history) {
    return {
      recorded: false,
      why: `The licence of ${source}, which gives ${field} now, does not allow a history. See docs/licences.md for how the owner of the stage can lift that.`,
    };
  }
  if (points.length > 0) return { recorded: true, why: null };
  return { recorded: true, why: "Nothing was recorded in this time." };
};

/** The prices that Keepa kept by itself, as far as they may be given out. */
const keptPrices = async (
  deps: Deps,
  request: SeriesRequest,
  { from, to, public: isForPublic }: SeriesRange,
  startedMs: number,
): Promise<KeptPricesAnswer> => {
  const { prices_public } = deps.licences[PRICE_KEEPER];
  const shop = findMarketplace(request.marketplace);
  const about = { source: PRICE_KEEPER, currency: shop?.currency ?? "", public: prices_public };
  if (isForPublic && !prices_public) {
    return {
      ...about,
      fetched_at: null,
      store_until: null,
      why: `Prices of ${PRICE_KEEPER} may not stand on a public site.`,
      series: [],
    };
  }
  const { history, why } = await deps.readKeptPrices(request, startedMs + LOOK_UP_MS);
  const range = { fromMs: from === null ? null : Date.parse(from), toMs: Date.parse(to) };
  const series = (history?.series ?? []).map((one) => ({
    name: one.name,
    has_earlier: one.has_earlier,
    points: stepsWithin(one, range, shop?.currencyDigits ?? 2).map(({ atMs, value }) => ({ at: isoTime(atMs), value })),
  }));
  const fetched_at = history?.fetched_at ?? null;
  const store_until =
    fetched_at === null
      ? null
      : rightsOf("current_price", { source: PRICE_KEEPER, fetched_at }, deps.licences).store_until;
  return { ...about, fetched_at, store_until, why, series };
};

/** Registers `GET /products/{asin}/history`. */
export const getHistory = (app: OpenAPIHono<HttpEnv>, deps: Deps): void => {
  app.openapi(route, async (c) => {
    callerOf(c);
    const startedMs = deps.clock.now();
    const { asin } = c.req.valid("param");
    const { marketplace = deps.defaultMarketplace, field, from = null, ...query } = c.req.valid("query");
    const to = query.to ?? isoTime(deps.clock.now());
    if (from !== null && from > to) {
      throw new ValidationError("from is after to", { errors: [{ field: "from", problem: "must not be after to" }] });
    }
    const key = productKey(marketplace, asin);
    const [products, revoked, { changes, hasEarlier }] = await Promise.all([
      deps.products.getMany([key]),
      deps.revoked(),
      deps.history.list(key, to, MAX_CHANGES),
    ]);
    const product = products.get(key);
    if (!product && changes.length === 0) {
      throw new NotFoundError(`${asin} of ${marketplace} is not stored. Fetch it with POST /products/import.`);
    }
    const { licences } = deps;
    const series = (field === undefined ? HISTORY_FIELDS : [field]).map((one): Series => {
      const points = seriesOf(changes, one, { from, to, public: query.public }, { licences, revoked });
      return { field: one, ...explain(one, product, points, licences), points };
    });
    const kept =
      query.series === undefined
        ? null
        : await keptPrices(deps, { asin, marketplace }, { from, to, public: query.public }, startedMs);
    return c.json({ asin, marketplace, from, to, has_earlier: hasEarlier, series, kept }, 200);
  });
};
