import { findMarketplace, type Marketplace } from "../../core/marketplaces.ts";
import { minorUnits } from "../../core/minor-units.ts";
import type {
  FetchRequest,
  SearchRequest,
  SourceAnswer,
  SourceClient,
  SourceContext,
  SourceItemFailure,
  VariationsAnswer,
  VariationsRequest,
} from "../../core/source.ts";
import type { PaapiSecret } from "../../core/source-secrets/paapi.ts";
import { accountFor } from "../account-for.ts";
import { callUpstream } from "../call-upstream.ts";
import { itemFailures, paapiError, readAnswer } from "./errors.ts";
import { explain } from "./explain.ts";
import { ITEM_RESOURCES, VARIATION_RESOURCES } from "./resources.ts";
import { type PaapiAnswer, type PaapiItem, PaapiItemSchema } from "./schema.ts";
import { signedHeaders } from "./sign.ts";
import { toProduct, toVariant } from "./to-product.ts";

const VARIATIONS_PER_PAGE = 10;

/** Items that fit the schema, and a failure for each that does not. */
const readItems = (raw: readonly unknown[] | null | undefined): { items: PaapiItem[]; odd: SourceItemFailure[] } => {
  const items: PaapiItem[] = [];
  const odd: SourceItemFailure[] = [];
  for (const entry of raw ?? []) {
    const parsed = PaapiItemSchema.safeParse(entry);
    if (parsed.success) items.push(parsed.data);
    else {
      const asin = typeof entry === "object" && entry !== null && "ASIN" in entry ? String(entry.ASIN) : "";
      const problem = parsed.error.issues[0];
      odd.push({ asin, code: "UnexpectedShape", message: `${problem?.path.join(".")}: ${problem?.message}` });
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
    const base = context.endpoints.api ?? `https://${place.paapi_host}`;
    const url = new URL(`${base.replace(/\/$/, "")}/paapi5/${operation.toLowerCase()}`);
    const { access_key, secret_key } = context.secret;
    const now = context.clock.now();
    const region = place.paapi_region;
    const headers = await signedHeaders({ url, operation, body, region, access_key, secret_key, now });
    const init: RequestInit = { method: "POST", headers, body };
    const reply = await callUpstream({ source: "paapi", fetch: context.fetch, url: url.href, init, signal });
    return { answer: readAnswer(reply, context.clock.now()), raw: reply.body };
  };

  return {
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
        amount === undefined ? undefined : minorUnits(amount, target.place.currency_digits);
      // Filters count in the lowest denomination, although answers are in major units.
      const parameters = {
        Keywords: request.query,
        SearchIndex: request.category,
        ItemCount: request.limit,
        MinPrice: minor(request.min_price),
        MaxPrice: minor(request.max_price),
        Resources: ITEM_RESOURCES,
      };
      const { answer, raw } = await call("SearchItems", target, parameters, signal);
      const { items, odd } = readItems(answer.SearchResult?.Items);
      const products = items.map((item) => toProduct(item, target.place));
      return { products: products.slice(0, request.limit), failures: odd, raw, signals: {} };
    },

    fetchVariations: async (request: VariationsRequest, signal): Promise<VariationsAnswer> => {
      const target = shop(request.marketplace);
      const parameters = {
        ASIN: request.asin,
        VariationCount: VARIATIONS_PER_PAGE,
        VariationPage: request.page,
        Resources: VARIATION_RESOURCES,
      };
      const { answer, raw } = await call("GetVariations", target, parameters, signal);
      const { items } = readItems(answer.VariationsResult?.Items);
      const parent_asin = items.find((item) => item.ParentASIN)?.ParentASIN ?? null;
      const summary = answer.VariationsResult?.VariationSummary;
      const counted = Math.ceil((summary?.VariationCount ?? items.length) / VARIATIONS_PER_PAGE);
      return { parent_asin, variants: items.map(toVariant), pages: summary?.PageCount ?? counted, raw, signals: {} };
    },
  };
};
