import { minorUnits } from "../../core/money/minor-units.ts";
import { isAsin } from "../../core/products/asin.ts";
import { findMarketplace, type Marketplace } from "../../core/products/marketplaces.ts";
import type { PaapiSecret } from "../../core/sources/known/paapi/secret.ts";
import type {
  FetchRequest,
  SearchRequest,
  SourceAnswer,
  SourceClient,
  SourceContext,
  SourceItemFailure,
  VariationsAnswer,
  VariationsRequest,
} from "../../core/sources/source-client.ts";
import { accountFor } from "../calling/account-for.ts";
import { callUpstream } from "../calling/call-upstream.ts";
import { connectionTo } from "../calling/connection-to.ts";
import { namedIn } from "../reading/named-in.ts";
import { assertWhole, itemFailures, paapiError, readAnswer } from "./errors.ts";
import { explain } from "./explain.ts";
import { ITEM_RESOURCES, VARIATION_RESOURCES } from "./resources.ts";
import { type PaapiAnswer, type PaapiItem, PaapiItemSchema } from "./schema.ts";
import { signedHeaders } from "./sign.ts";
import { toProduct, toVariant } from "./to-product.ts";

/** Most results of one search, and variations on one page. */
const MAX_ITEMS = 10;

/** Items with a readable id, and a failure for each item without one. */
const readItems = (raw: readonly unknown[] | null | undefined): { items: PaapiItem[]; odd: SourceItemFailure[] } => {
  const items: PaapiItem[] = [];
  const odd: SourceItemFailure[] = [];
  for (const entry of raw ?? []) {
    const parsed = PaapiItemSchema.safeParse(entry);
    if (parsed.success && isAsin(parsed.data.ASIN)) items.push(parsed.data);
    else {
      // It names no id, so `accountFor` gives the failure to the ids without an answer.
      const message = `an item without an ASIN: ${namedIn(entry, "ASIN") || "none"}`;
      odd.push({ asin: "", code: "UnexpectedShape", message });
    }
  }
  return { items, odd };
};

/** A PA-API 5.0 client: one signed call a method, at the shop's own host. */
export const createPaapiClient = (context: SourceContext<PaapiSecret>): SourceClient => {
  const shop = (code: string): { place: Marketplace; tag: string } => {
    const place = findMarketplace(code);
    const tag = place && context.secret.partner_tags[place.code];
    if (!place || !tag) throw paapiError("MissingPartnerTag", null, { said: code });
    return { place, tag };
  };

  const baseOf = ({ paapiHost }: Marketplace): string =>
    (context.endpoints.api ?? `https://${paapiHost}`).replace(/\/$/, "");

  const call = async (
    operation: string,
    { place, tag }: { place: Marketplace; tag: string },
    parameters: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<{ answer: PaapiAnswer; raw: string }> => {
    const body = JSON.stringify({
      ...parameters,
      PartnerTag: tag,
      PartnerType: "Associates",
      Marketplace: place.code,
    });
    const url = new URL(`${baseOf(place)}/paapi5/${operation.toLowerCase()}`);
    const { access_key, secret_key } = context.secret;
    const now = context.clock.now();
    const region = place.paapiRegion;
    const headers = await signedHeaders({
      url,
      operation,
      body,
      region,
      accessKey: access_key,
      secretKey: secret_key,
      now,
    });
    const init: RequestInit = { method: "POST", headers, body };
    const reply = await callUpstream({ source: "paapi", fetch: context.fetch, url: url.href, init, signal });
    return { answer: readAnswer(reply, context.clock.now()), raw: reply.body };
  };

  return {
    connectionTo: (marketplace) => {
      const place = findMarketplace(marketplace);
      return place && connectionTo("paapi", context.fetch, baseOf(place));
    },

    fetchProducts: async (request: FetchRequest, signal): Promise<SourceAnswer> => {
      const target = shop(request.marketplace);
      const parameters = { ItemIds: request.asins, ItemIdType: "ASIN", Resources: ITEM_RESOURCES };
      const { answer, raw } = await call("GetItems", target, parameters, signal);
      const { items, odd } = readItems(answer.ItemsResult?.Items);
      const products = items.map((item) => toProduct(item, target.place));
      const failures = [...odd, ...itemFailures(answer, request.asins)];
      const message = explain("NotReturned").reason;
      const missing = (asin: string): SourceItemFailure => ({ asin, code: "NotReturned", message });
      return { ...accountFor(request.asins, { products, failures }, missing), raw, signals: {} };
    },

    search: async (request: SearchRequest, signal): Promise<SourceAnswer> => {
      const target = shop(request.marketplace);
      const minor = (amount: string | undefined): number | undefined =>
        amount === undefined ? undefined : minorUnits(amount, target.place.currencyDigits);
      // Filters count in the lowest denomination, although answers are in major units.
      const minPrice = minor(request.minPrice);
      const maxPrice = minor(request.maxPrice);
      const parameters = {
        Keywords: request.query,
        SearchIndex: request.category,
        ItemCount: Math.min(Math.max(request.limit, 1), MAX_ITEMS),
        // PA-API accepts no filter below 1, and a filter of 0 has no effect.
        ...(minPrice ? { MinPrice: minPrice } : {}),
        ...(maxPrice ? { MaxPrice: maxPrice } : {}),
        Resources: ITEM_RESOURCES,
      };
      const { answer, raw } = await call("SearchItems", target, parameters, signal);
      assertWhole(answer);
      const { items, odd } = readItems(answer.SearchResult?.Items);
      const products = items.map((item) => toProduct(item, target.place));
      return { products: products.slice(0, request.limit), failures: odd, raw, signals: {} };
    },

    fetchVariations: async (request: VariationsRequest, signal): Promise<VariationsAnswer> => {
      const target = shop(request.marketplace);
      const parameters = {
        ASIN: request.asin,
        VariationCount: MAX_ITEMS,
        VariationPage: request.page,
        Resources: VARIATION_RESOURCES,
      };
      const { answer, raw } = await call("GetVariations", target, parameters, signal);
      assertWhole(answer);
      const { items, odd } = readItems(answer.VariationsResult?.Items);
      // A family with a missing member must not count as complete.
      if (odd[0]) throw paapiError(odd[0].code, 200, { said: odd[0].message });
      const parentAsin = items.flatMap(({ ParentASIN }) => ParentASIN ?? []).find(isAsin) ?? null;
      const summary = answer.VariationsResult?.VariationSummary;
      const counted = Math.ceil((summary?.VariationCount ?? items.length) / MAX_ITEMS);
      const pages = Math.max(0, Math.ceil(summary?.PageCount ?? counted));
      return { parentAsin, variants: items.map(toVariant), pages, raw, signals: {} };
    },
  };
};
