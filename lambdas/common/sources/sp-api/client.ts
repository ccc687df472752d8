import { isoTime } from "../../core/clock.ts";
import type { LimitSignals } from "../../core/limiter/limit-signals.ts";
import { findMarketplace, type Marketplace } from "../../core/products/marketplaces.ts";
import type { SpApiSecret } from "../../core/sources/known/sp-api/secret.ts";
import type {
  FetchRequest,
  SourceAnswer,
  SourceClient,
  SourceContext,
  SourceItemFailure,
  SourceProduct,
} from "../../core/sources/source-client.ts";
import { accountFor } from "../calling/account-for.ts";
import { callUpstream, jsonOf } from "../calling/call-upstream.ts";
import { connectionTo } from "../calling/connection-to.ts";
import { namedIn } from "../reading/named-in.ts";
import { createAccessTokens } from "./access-token.ts";
import { errorFromReply, signalsOf, spApiError } from "./errors.ts";
import { explain } from "./explain.ts";
import { offersBatchBody, readOffersEntry } from "./offers-batch.ts";
import { CatalogItemSchema, CatalogSearchSchema, OffersBatchSchema } from "./schema.ts";
import { toProduct } from "./to-product.ts";

/** Most identifiers and most items a page; the default page of 10 would lose half of a full call. */
const PAGE_SIZE = 20;
const INCLUDED = "summaries,images,relationships,classifications,attributes";

const isProduct = (entry: SourceProduct | SourceItemFailure): entry is SourceProduct => "fields" in entry;

const readItem = (raw: unknown, place: Marketplace): SourceProduct | SourceItemFailure => {
  const parsed = CatalogItemSchema.safeParse(raw);
  if (parsed.success) return toProduct(parsed.data, place);
  const problem = parsed.error.issues[0];
  return {
    asin: namedIn(raw, "asin"),
    code: "UnexpectedShape",
    message: `${problem?.path.join(".")}: ${problem?.message}`,
  };
};

/** The ids that are no ASINs. One of them makes Amazon refuse the whole batch without naming it, so none is sent. */
const malformed = (asins: readonly string[]): SourceItemFailure[] =>
  asins
    .filter((asin) => !/^[A-Z0-9]{10}$/.test(asin))
    .map((asin) => ({ asin, code: "InvalidAsin", message: explain("InvalidAsin").reason }));

/** An SP-API client for the shops of one region; a token is fetched when the shared cache has none. */
export const createSpApiClient = (context: SourceContext<SpApiSecret>): SourceClient => {
  const { region } = context.secret;
  const tokens = createAccessTokens(context);
  const api = context.endpoints.api ?? `https://sellingpartnerapi-${region}.amazon.com`;

  const shop = (code: string): Marketplace => {
    const place = findMarketplace(code);
    if (!place || place.group.toLowerCase() !== region) {
      throw spApiError("MarketplaceNotServed", null, { said: `${code}, region ${region}` });
    }
    return place;
  };

  const call = async (
    path: string,
    signal: AbortSignal,
    post?: string,
  ): Promise<{ body: unknown; raw: string; signals: LimitSignals }> => {
    const token = await tokens.get(signal);
    const now = context.clock.now();
    const headers = {
      "x-amz-access-token": token,
      "x-amz-date": isoTime(now).replace(/[-:]|\.\d{3}/g, ""),
      "content-type": "application/json",
    };
    const init: RequestInit = post === undefined ? { headers } : { method: "POST", headers, body: post };
    const reply = await callUpstream({ source: "sp-api", fetch: context.fetch, url: api + path, init, signal });
    const signals = signalsOf(reply.headers, context.clock.now());
    if (reply.status === 200) return { body: jsonOf(reply.body), raw: reply.body, signals };
    const error = errorFromReply(reply, signals);
    if (error.tokenRefused) await tokens.refuse(token);
    throw error;
  };

  const searchCatalog = async (
    place: Marketplace,
    parameters: Record<string, string>,
    signal: AbortSignal,
  ): Promise<{ entries: (SourceProduct | SourceItemFailure)[]; raw: string; signals: LimitSignals }> => {
    const query = new URLSearchParams({ marketplaceIds: place.spApiId, includedData: INCLUDED, ...parameters });
    const { body, raw, signals } = await call(`/catalog/2022-04-01/items?${query}`, signal);
    const parsed = CatalogSearchSchema.safeParse(body);
    if (!parsed.success) throw spApiError("UnreadableAnswer", 200, { signals });
    return { entries: parsed.data.items.map((item) => readItem(item, place)), raw, signals };
  };

  /** Sorts out malformed ids, for callers that did not `screen` them. */
  const split = (asins: readonly string[]): { good: string[]; refused: SourceItemFailure[] } => {
    const refused = malformed(asins);
    return { good: asins.filter((asin) => !refused.some((failure) => failure.asin === asin)), refused };
  };

  const account = (
    request: FetchRequest,
    entries: readonly (SourceProduct | SourceItemFailure)[],
    rest: { raw: string; signals: LimitSignals },
  ): SourceAnswer => {
    const failures = entries.flatMap((entry) => (isProduct(entry) ? [] : [entry]));
    const message = `${request.marketplace} has no such product`;
    const missing = (asin: string): SourceItemFailure => ({ asin, code: "NOT_FOUND", message });
    return { ...accountFor(request.asins, { products: entries.filter(isProduct), failures }, missing), ...rest };
  };

  return {
    prepare: async (_marketplace, signal) => {
      await tokens.get(signal);
    },

    connectionTo: () => connectionTo("sp-api", context.fetch, api),

    screen: malformed,

    fetchProducts: async (request, signal) => {
      const place = shop(request.marketplace);
      const { good, refused } = split(request.asins);
      if (good.length === 0) return account(request, refused, { raw: "", signals: {} });
      const parameters = { identifiers: good.join(","), identifiersType: "ASIN", pageSize: String(PAGE_SIZE) };
      const { entries, ...rest } = await searchCatalog(place, parameters, signal);
      return account(request, [...refused, ...entries], rest);
    },

    fetchOffers: async (request, signal) => {
      const place = shop(request.marketplace);
      const { good, refused } = split(request.asins);
      if (good.length === 0) return account(request, refused, { raw: "", signals: {} });
      const post = offersBatchBody(good, place);
      const { body, ...rest } = await call("/batches/products/pricing/v0/itemOffers", signal, post);
      const parsed = OffersBatchSchema.safeParse(body);
      if (!parsed.success) throw spApiError("UnreadableAnswer", 200, { signals: rest.signals });
      const entries = parsed.data.responses.map((entry) => readOffersEntry(entry, place));
      return account(request, [...refused, ...entries], rest);
    },

    search: async (request, signal) => {
      const place = shop(request.marketplace);
      if (request.minPrice !== undefined || request.maxPrice !== undefined) {
        throw spApiError("UnsupportedFilter", null);
      }
      const parameters = { keywords: request.query, pageSize: String(PAGE_SIZE) };
      const { entries, raw, signals } = await searchCatalog(place, parameters, signal);
      const wanted = request.category.toLowerCase();
      // Amazon filters by class ids only, so the answer is filtered by the category's name here.
      const products = entries
        .filter(isProduct)
        .filter(({ fields }) => wanted === "all" || fields.categories?.some((name) => name.toLowerCase() === wanted));
      return { products: products.slice(0, request.limit), failures: [], raw, signals };
    },
  };
};
