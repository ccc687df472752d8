import { roundDecimal } from "../../core/money/money.ts";
import { findMarketplace, type Marketplace, type RegionGroup } from "../../core/products/marketplaces.ts";
import type { CreatorsApiSecret, CredentialVersion } from "../../core/sources/known/creators-api/secret.ts";
import type {
  FetchRequest,
  SearchRequest,
  SourceClient,
  SourceContext,
  VariationsRequest,
} from "../../core/sources/source-client.ts";
import { callUpstream, jsonOf, type UpstreamReply } from "../calling/call-upstream.ts";
import { connectionTo } from "../calling/connection-to.ts";
import { createTokenHolder } from "../calling/token-holder.ts";
import { creatorsApiError, ErrorBodySchema, errorFromReply, errorTypeOf } from "./errors.ts";
import { ITEM_RESOURCES, VARIATION_RESOURCES } from "./resources.ts";
import { notAccessible, readGetItems, readGetVariations, readSearchItems } from "./to-answer.ts";
import { authorizationFor, fetchToken, tokenKey } from "./token.ts";

const API_URL = "https://creatorsapi.amazon";
/** Most ids in one getItems, most results of one searchItems, and variations on one page. */
const MAX_ITEMS = 10;

const REGIONS: Readonly<Record<RegionGroup, string>> = {
  NA: "North American",
  EU: "European (with India)",
  FE: "Far Eastern",
};

/** Region whose shops a credential is valid for: the digit after the point of its version. */
const groupOf = (version: CredentialVersion): RegionGroup => {
  if (version.endsWith(".1")) return "NA";
  return version.endsWith(".2") ? "EU" : "FE";
};

/** The partner tag with which a credential serves a shop, or why it cannot. */
const tagFor = (
  secret: CreatorsApiSecret,
  place: Marketplace | undefined,
  marketplace: string,
):
  | { readonly place: Marketplace; readonly partnerTag: string }
  | { readonly code: string; readonly message: string } => {
  const group = groupOf(secret.credential_version);
  if (place && place.group !== group) {
    return {
      code: "WrongRegion",
      message: `the credentials of creators-api (version ${secret.credential_version}) are good for ${REGIONS[group]} shops only, not for ${marketplace}`,
    };
  }
  const partnerTag = place && secret.partner_tags[place.code];
  if (place && partnerTag) return { place, partnerTag };
  return {
    code: "NoPartnerTag",
    message: `the credentials of creators-api hold no partner tag for ${marketplace}: add one with enrichline credentials set creators-api`,
  };
};

/** Amount of a search filter in the currency's lowest denomination. Answers are in major units. */
const lowestDenomination = (amount: string, place: Marketplace): number | undefined => {
  const rounded = roundDecimal(amount, place.currencyDigits);
  return rounded === undefined ? undefined : Number(rounded.replace(".", ""));
};

const isNoSuchItem = (reply: UpstreamReply): boolean => {
  if (reply.status !== 404) return false;
  const body = ErrorBodySchema.safeParse(jsonOf(reply.body));
  return body.success && errorTypeOf(body.data) === "ResourceNotFoundException";
};

const unreadable = (reply: UpstreamReply) =>
  creatorsApiError("UnreadableAnswer", {
    status: reply.status,
    message: "the Creators API answered with something that is not its answer",
  });

/**
 * Client of the Creators API.
 *
 * Tokens are kept and shared. A token that the API refuses is dropped, and the error (`tokenRefused`) makes the caller
 * repeat the call in another slot: the client never calls twice.
 * A 404 of the API means that it knows none of the ids, so every id fails alone.
 * @see https://affiliate-program.amazon.com/creatorsapi/docs/en-us/
 */
export const createCreatorsApiClient = (context: SourceContext<CreatorsApiSecret>): SourceClient => {
  const { secret, clock } = context;
  const tokens = createTokenHolder(context, tokenKey(context), (signal) => fetchToken(context, signal));
  const base = (context.endpoints.api ?? API_URL).replace(/\/{1,9}$/, "");

  const shopOf = (marketplace: string): { place: Marketplace; partnerTag: string } => {
    const found = tagFor(secret, findMarketplace(marketplace), marketplace);
    if ("place" in found) return found;
    throw creatorsApiError(found.code, { status: null, message: found.message });
  };

  const post = async (operation: string, marketplace: string, body: object, signal: AbortSignal) => {
    const token = await tokens.get(signal);
    const reply = await callUpstream({
      source: "creators-api",
      fetch: context.fetch,
      url: `${base}/catalog/v1/${operation}`,
      init: {
        method: "POST",
        headers: {
          "content-type": "application/json; charset=utf-8",
          authorization: authorizationFor(token, secret.credential_version),
          "x-marketplace": marketplace,
        },
        body: JSON.stringify(body),
      },
      signal,
    });
    if (reply.status === 200 || isNoSuchItem(reply)) return reply;
    const error = errorFromReply(reply, clock.now());
    if (error.tokenRefused) await tokens.refuse(token);
    throw error;
  };

  return {
    prepare: async (_marketplace, signal) => {
      await tokens.get(signal);
    },

    connectionTo: () => connectionTo("creators-api", context.fetch, base),

    refusalFor: (marketplace) => {
      const found = tagFor(secret, findMarketplace(marketplace), marketplace);
      return "place" in found ? null : found;
    },

    fetchProducts: async ({ marketplace, asins }: FetchRequest, signal) => {
      const { place, partnerTag } = shopOf(marketplace);
      const body = { itemIds: asins, partnerTag, resources: ITEM_RESOURCES };
      const reply = await post("getItems", place.code, body, signal);
      const read = readGetItems(jsonOf(reply.body), asins, place);
      if (read) return { ...read, raw: reply.body, signals: {} };
      if (reply.status !== 404) throw unreadable(reply);
      return { products: [], failures: asins.map(notAccessible), raw: reply.body, signals: {} };
    },

    search: async (request: SearchRequest, signal) => {
      const { place, partnerTag } = shopOf(request.marketplace);
      const minPrice = request.minPrice === undefined ? undefined : lowestDenomination(request.minPrice, place);
      const maxPrice = request.maxPrice === undefined ? undefined : lowestDenomination(request.maxPrice, place);
      const body = {
        keywords: request.query,
        searchIndex: request.category,
        itemCount: Math.min(Math.max(request.limit, 1), MAX_ITEMS),
        partnerTag,
        resources: ITEM_RESOURCES,
        ...(minPrice ? { minPrice } : {}),
        ...(maxPrice ? { maxPrice } : {}),
      };
      const reply = await post("searchItems", place.code, body, signal);
      const products = reply.status === 404 ? [] : readSearchItems(jsonOf(reply.body), place);
      if (!products) throw unreadable(reply);
      return { products: products.slice(0, request.limit), failures: [], raw: reply.body, signals: {} };
    },

    fetchVariations: async ({ marketplace, asin, page }: VariationsRequest, signal) => {
      const { place, partnerTag } = shopOf(marketplace);
      const body = {
        asin,
        variationCount: MAX_ITEMS,
        variationPage: page,
        partnerTag,
        resources: VARIATION_RESOURCES,
      };
      const reply = await post("getVariations", place.code, body, signal);
      if (reply.status === 404) return { parentAsin: null, variants: [], pages: 0, raw: reply.body, signals: {} };
      const read = readGetVariations(jsonOf(reply.body));
      if (!read) throw unreadable(reply);
      return { ...read, raw: reply.body, signals: {} };
    },
  };
};
