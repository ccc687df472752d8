import type { SourceClient } from "../../../../../lambdas/common/core/sources/source-client.ts";
import { createCreatorsApiClient } from "../../../../../lambdas/common/sources/creators-api/client.ts";
import { createKeepaClient } from "../../../../../lambdas/common/sources/keepa/client.ts";
import { createPaapiClient } from "../../../../../lambdas/common/sources/paapi/client.ts";
import { createSpApiClient } from "../../../../../lambdas/common/sources/sp-api/client.ts";
import { fakeUpstream } from "../../../../helpers/source-context.ts";

const US = "www.amazon.com";
const URL_BASE = "https://m.media-amazon.com/images/I";

/** One operation of a source: a full answer about some products, and a client that gets any body as its answer. */
export interface AnswerSample {
  readonly name: string;
  readonly operation: "fetchProducts" | "fetchOffers";
  /** A full, valid answer with one entry a product, in their order. */
  readonly answerOf: (asins: readonly string[]) => Record<string, unknown>;
  /** The entries of an answer, which may be changed in place. */
  readonly entriesOf: (answer: Record<string, unknown>) => unknown[];
  readonly clientOver: (body: string) => SourceClient;
}

const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value);

const creatorsItem = (asin: string): object => ({
  asin,
  detailPageURL: `https://${US}/dp/${asin}?tag=x`,
  parentASIN: "B000000009",
  images: {
    primary: { small: { url: `${URL_BASE}/s.jpg`, width: 75, height: 60 }, hiRes: { url: `${URL_BASE}/h.jpg` } },
    variants: [{ large: { url: `${URL_BASE}/l.jpg`, width: 500, height: 400 } }],
  },
  itemInfo: {
    title: { displayValue: `Title of ${asin}` },
    features: { displayValues: ["one", "two"] },
    byLineInfo: { brand: { displayValue: "Acme" }, manufacturer: { displayValue: "Acme Inc" } },
  },
  browseNodeInfo: { browseNodes: [{ id: "1", displayName: "Lamps" }] },
  offersV2: {
    listings: [
      {
        availability: { type: "IN_STOCK", message: "In Stock" },
        condition: { value: "New" },
        isBuyBoxWinner: true,
        price: {
          money: { amount: 60.02, currency: "USD" },
          savingBasis: { money: { amount: 80, currency: "USD" } },
          savings: { money: { amount: 19.98, currency: "USD" }, percentage: 25 },
        },
        type: "LIGHTNING_DEAL",
      },
    ],
  },
  customerReviews: { count: 12, starRating: { value: 4.5 } },
  variationAttributes: [{ name: "color_name", value: "Red" }],
});

const paapiItem = (ASIN: string): object => ({
  ASIN,
  ParentASIN: "B000000009",
  DetailPageURL: `https://${US}/dp/${ASIN}?tag=x`,
  BrowseNodeInfo: {
    BrowseNodes: [{ Id: "3", DisplayName: "Tees", SalesRank: 5, Ancestor: { Id: "2", DisplayName: "Clothing" } }],
  },
  CustomerReviews: { Count: 12, StarRating: { Value: 4.5 } },
  Images: {
    Primary: { Large: { URL: `${URL_BASE}/l.jpg`, Width: 500, Height: 400 } },
    Variants: [{ Medium: { URL: `${URL_BASE}/m.jpg`, Width: 160, Height: 100 } }],
  },
  ItemInfo: {
    ByLineInfo: { Brand: { DisplayValue: "Acme" }, Manufacturer: { DisplayValue: "Acme Inc" } },
    Features: { DisplayValues: ["one", "two"] },
    Title: { DisplayValue: `Title of ${ASIN}` },
  },
  OffersV2: {
    Listings: [
      {
        Availability: { Type: "IN_STOCK", Message: "In Stock" },
        Condition: { Value: "New" },
        IsBuyBoxWinner: true,
        Price: {
          Money: { Amount: 60.02, Currency: "USD" },
          SavingBasis: { Money: { Amount: 80, Currency: "USD" } },
          Savings: { Money: { Amount: 19.98, Currency: "USD" }, Percentage: 25 },
        },
      },
    ],
  },
});

const SHOP_ID = "ATVPDKIKX0DER";
const catalogItem = (asin: string): object => ({
  asin,
  summaries: [{ marketplaceId: SHOP_ID, itemName: `Title of ${asin}`, brand: "Acme", manufacturer: "Acme Inc" }],
  images: [
    { marketplaceId: SHOP_ID, images: [{ variant: "MAIN", link: `${URL_BASE}/x.jpg`, height: 500, width: 400 }] },
  ],
  relationships: [{ marketplaceId: SHOP_ID, relationships: [{ type: "VARIATION", parentAsins: ["B000000009"] }] }],
  classifications: [
    { marketplaceId: SHOP_ID, classifications: [{ displayName: "Tees", parent: { displayName: "Clothing" } }] },
  ],
  attributes: {
    bullet_point: [{ value: "one", marketplace_id: SHOP_ID }],
    product_description: [{ value: "<p>Text</p>" }],
    list_price: [{ value: 80, currency: "USD" }],
  },
});

const offersEntry = (ASIN: string): object => ({
  status: { statusCode: 200, reasonPhrase: "OK" },
  request: { uri: `/products/pricing/v0/items/${ASIN}/offers` },
  body: {
    payload: {
      ASIN,
      status: "Success",
      Summary: {
        TotalOfferCount: 2,
        ListPrice: { CurrencyCode: "USD", Amount: 80 },
        BuyBoxPrices: [{ condition: "New", ListingPrice: { CurrencyCode: "USD", Amount: 60.02 } }],
        LowestPrices: [{ condition: "new", LandedPrice: { CurrencyCode: "USD", Amount: 65 } }],
      },
    },
  },
});

const keepaProduct = (asin: string): object => ({
  asin,
  productType: 0,
  title: `Title of ${asin}`,
  brand: "Acme",
  manufacturer: "Acme Inc",
  description: "<p>Text</p>",
  features: ["one", "two"],
  images: [{ l: "x.jpg", lH: 500, lW: 400 }],
  categoryTree: [{ catId: 1, name: "Lamps" }],
  parentAsin: "B000000009",
  variations: [{ asin: "B000000008", attributes: [{ dimension: "Color", value: "Red" }], image: "r.jpg" }],
  availabilityAmazon: 4,
  availabilityAmazonDelay: [24, 48],
  lastUpdate: 8_000_000,
  csv: [null, [7_999_000, 6002], null, null, [1, 8000]],
  stats: { current: [-1, 6002, -1, -1, 8000], buyBoxPrice: 6002, buyBoxShipping: 0, buyBoxIsUsed: false },
});

const pair = { client_id: "id", client_secret: "secret" };
const tags = { [US]: "tag-20" };

/** Every operation of a source that answers about products in JSON. */
export const ANSWER_SAMPLES: readonly AnswerSample[] = [
  {
    name: "creators-api",
    operation: "fetchProducts",
    answerOf: (asins) => ({ itemsResult: { items: asins.map(creatorsItem) }, errors: [] }),
    entriesOf: (answer) => at(answer, "itemsResult", "items") as unknown[],
    clientOver: (body) => {
      const secret = { ...pair, account: "a", credential_version: "3.1" as const, partner_tags: tags };
      const upstream = fakeUpstream(secret, ({ url }) =>
        url.pathname.includes("token") ? { body: { access_token: "t", expires_in: 3600 } } : { body },
      );
      return createCreatorsApiClient(upstream.context);
    },
  },
  {
    name: "paapi",
    operation: "fetchProducts",
    answerOf: (asins) => ({ ItemsResult: { Items: asins.map(paapiItem) }, Errors: [] }),
    entriesOf: (answer) => at(answer, "ItemsResult", "Items") as unknown[],
    clientOver: (body) =>
      createPaapiClient(
        fakeUpstream({ access_key: "a", secret_key: "b", partner_tags: tags }, () => ({ body })).context,
      ),
  },
  {
    name: "sp-api catalog",
    operation: "fetchProducts",
    answerOf: (asins) => ({ numberOfResults: asins.length, items: asins.map(catalogItem) }),
    entriesOf: (answer) => answer.items as unknown[],
    clientOver: (body) => spApiOver(body),
  },
  {
    name: "sp-api offers",
    operation: "fetchOffers",
    answerOf: (asins) => ({ responses: asins.map(offersEntry) }),
    entriesOf: (answer) => answer.responses as unknown[],
    clientOver: (body) => spApiOver(body),
  },
  {
    name: "keepa",
    operation: "fetchProducts",
    answerOf: (asins) => ({ tokensLeft: 9, refillIn: 1, refillRate: 1, products: asins.map(keepaProduct) }),
    entriesOf: (answer) => answer.products as unknown[],
    clientOver: (body) => createKeepaClient(fakeUpstream({ key: "k" }, () => ({ body })).context),
  },
];

const spApiOver = (body: string): SourceClient =>
  createSpApiClient(
    fakeUpstream({ ...pair, refresh_token: "r", region: "na" as const }, ({ url }) =>
      url.pathname.includes("/auth/") ? { body: { access_token: "t", expires_in: 3600 } } : { body },
    ).context,
  );
