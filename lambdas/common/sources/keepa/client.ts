import { isBelow } from "../../core/money/savings.ts";
import { findMarketplace, type Marketplace } from "../../core/products/marketplaces.ts";
import { classifyKeepa } from "../../core/sources/known/keepa/failure-codes.ts";
import type { KeepaSecret } from "../../core/sources/known/keepa/secret.ts";
import type {
  FetchRequest,
  SearchRequest,
  SeriesAnswer,
  SeriesRequest,
  SourceAnswer,
  SourceClient,
  SourceContext,
  SourceItemFailure,
  SourceProduct,
} from "../../core/sources/source-client.ts";
import { SourceError } from "../../core/sources/source-error.ts";
import { accountFor } from "../calling/account-for.ts";
import { callUpstream } from "../calling/call-upstream.ts";
import { connectionTo } from "../calling/connection-to.ts";
import { namedIn } from "../reading/named-in.ts";
import { readEnvelope, signalsOf } from "./errors.ts";
import { explain } from "./explain.ts";
import { HISTORY_DAYS, priceSeriesOf } from "./price-history.ts";
import { type KeepaEnvelope, KeepaProductSchema } from "./schema.ts";
import { toProduct } from "./to-product.ts";

const API = "https://api.keepa.com";

interface Served extends Marketplace {
  readonly keepaDomain: number;
}

const servedShop = (code: string): Served => {
  const place = findMarketplace(code);
  if (place?.keepaDomain !== undefined && place.keepaDomain !== null) {
    return { ...place, keepaDomain: place.keepaDomain };
  }
  throw new SourceError("keepa", {
    code: "MarketplaceNotServed",
    status: null,
    failureClass: classifyKeepa("MarketplaceNotServed"),
    message: `${explain("MarketplaceNotServed").reason} (${code})`,
  });
};

const read = (envelope: KeepaEnvelope, place: Marketplace): (SourceProduct | SourceItemFailure)[] =>
  (envelope.products ?? []).map((raw) => {
    const parsed = KeepaProductSchema.safeParse(raw);
    if (parsed.success) return toProduct(parsed.data, place);
    const problem = parsed.error.issues[0];
    return {
      asin: namedIn(raw, "asin"),
      code: "UnexpectedShape",
      message: `${problem?.path.join(".")}: ${problem?.message}`,
    };
  });

const isProduct = (entry: SourceProduct | SourceItemFailure): entry is SourceProduct => "fields" in entry;

const suits = (product: SourceProduct, request: SearchRequest): boolean => {
  const { current_price: price, categories } = product.fields;
  if (request.minPrice !== undefined && (!price || isBelow(price, request.minPrice))) return false;
  if (request.maxPrice !== undefined && (!price || isBelow(request.maxPrice, price))) return false;
  if (request.category === "All") return true;
  return (categories ?? []).some((name) => name.toLowerCase() === request.category.toLowerCase());
};

/**
 * A Keepa client: up to 100 ASINs, one search or the price history of one product a call. The caller paces the calls.
 * With products, ratings, the buy box and the history are requested only when the stage's settings ask for them.
 * @see https://keepa.com/api-docs/product.html
 */
export const createKeepaClient = (context: SourceContext<KeepaSecret>): SourceClient => {
  const base = context.endpoints.api ?? API;
  const extras = context.extras ?? {};
  const paidFor = { ...(extras.rating ? { rating: "1" } : {}), ...(extras.buybox ? { buybox: "1" } : {}) };

  const call = async (
    path: string,
    parameters: Record<string, string>,
    signal: AbortSignal,
  ): Promise<{ envelope: KeepaEnvelope; raw: string }> => {
    // Statistics have the current prices. Without the history an answer is a hundredth of its size and costs the same.
    const plain = { stats: "1", history: extras.history ? "1" : "0" };
    const query = new URLSearchParams({ key: context.secret.key, ...plain, ...parameters });
    const url = `${base}/${path}?${query}`;
    const reply = await callUpstream({ source: "keepa", fetch: context.fetch, url, signal });
    return { envelope: readEnvelope(reply), raw: reply.body };
  };

  return {
    connectionTo: () => connectionTo("keepa", context.fetch, base),

    fetchProducts: async (request: FetchRequest, signal): Promise<SourceAnswer> => {
      const place = servedShop(request.marketplace);
      const parameters = { domain: String(place.keepaDomain), asin: request.asins.join(","), ...paidFor };
      const { envelope, raw } = await call("product", parameters, signal);
      const entries = read(envelope, place);
      const answered = {
        products: entries.filter(isProduct),
        failures: entries.flatMap((entry) => (isProduct(entry) ? [] : [entry])),
      };
      const missing = (asin: string): SourceItemFailure => ({
        asin,
        code: "NoData",
        message: "Keepa left this ASIN out",
      });
      return { ...accountFor(request.asins, answered, missing), raw, signals: signalsOf(envelope) };
    },

    search: async (request: SearchRequest, signal): Promise<SourceAnswer> => {
      const place = servedShop(request.marketplace);
      const parameters = { domain: String(place.keepaDomain), type: "product", term: request.query, page: "0" };
      const { envelope, raw } = await call("search", parameters, signal);
      // Keepa searches by words only; price and category are filtered here.
      const products = read(envelope, place)
        .filter(isProduct)
        .filter((product) => suits(product, request));
      return { products: products.slice(0, request.limit), failures: [], raw, signals: signalsOf(envelope) };
    },

    fetchSeries: async ({ marketplace, asin }: SeriesRequest, signal): Promise<SeriesAnswer> => {
      const place = servedShop(marketplace);
      const parameters = { domain: String(place.keepaDomain), asin, history: "1", days: String(HISTORY_DAYS) };
      const { envelope } = await call("product", parameters, signal);
      const known = (envelope.products ?? []).flatMap((raw) => KeepaProductSchema.safeParse(raw).data ?? []);
      const product = known.find((one) => one.asin === asin);
      return { series: product ? priceSeriesOf(product) : null, signals: signalsOf(envelope) };
    },
  };
};
