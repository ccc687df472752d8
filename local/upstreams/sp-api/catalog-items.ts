import { isAsin } from "../../../lambdas/common/core/products/asin.ts";
import type { Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import type { Json } from "../shared/json.ts";
import type { SimProduct } from "../shared/products/product.ts";
import type { ProductSource } from "../shared/products/product-source.ts";
import { apiLocaleOf, majorAmount } from "../shared/products/shop-language.ts";
import { invalidInput } from "./errors.ts";

const DATA_SETS = [
  "attributes",
  "classifications",
  "dimensions",
  "identifiers",
  "images",
  "productTypes",
  "relationships",
  "salesRanks",
  "summaries",
  "vendorDetails",
];
const IDENTIFIER_TYPES = ["ASIN", "EAN", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC"];

/** A list in a query: `a,b` or repeated keys. */
export const listOf = (params: URLSearchParams, name: string): string[] =>
  params
    .getAll(name)
    .flatMap((value) => value.split(","))
    .map((value) => value.trim())
    .filter(Boolean);

/** Reads and checks `includedData`. */
export const includedDataOf = (params: URLSearchParams): ReadonlySet<string> => {
  const asked = listOf(params, "includedData");
  const unknown = asked.find((name) => !DATA_SETS.includes(name));
  if (unknown !== undefined) throw invalidInput(`Invalid 'includedData' provided: ${unknown}.`);
  return new Set(asked.length > 0 ? asked : ["summaries"]);
};

const attributesOf = (product: SimProduct): Json => {
  const marketplace_id = product.marketplace.spApiId;
  const language_tag = apiLocaleOf(product.marketplace);
  const worded = (values: readonly (string | null)[]): Json[] =>
    values.flatMap((value) => (value === null ? [] : [{ value, language_tag, marketplace_id }]));
  const attributes: Json = {
    item_name: worded([product.title]),
    brand: worded([product.brand]),
    manufacturer: worded([product.manufacturer]),
    bullet_point: worded(product.features ?? []),
    product_description: worded([product.description]),
    color: worded([product.color]),
    model_number: worded([product.model]),
  };
  if (product.listPriceMinor !== null) {
    const { currency } = product.marketplace;
    attributes.list_price = [
      { currency, value: majorAmount(product.listPriceMinor, product.marketplace), marketplace_id },
    ];
  }
  return Object.fromEntries(
    Object.entries(attributes).filter(([, values]) => Array.isArray(values) && values.length > 0),
  );
};

const imagesOf = (product: SimProduct): Json[] =>
  product.images.slice(0, 9).flatMap((image, at) => {
    const variant = at === 0 ? "MAIN" : `PT0${at}`;
    // The same picture comes in several sizes, in no order.
    return [image.small, image.hiRes, image.large].map(({ url, edge }) => ({
      variant,
      link: url,
      height: edge,
      width: edge,
    }));
  });

const classificationsOf = (product: SimProduct): Json[] => {
  let node: Json | undefined;
  for (const category of product.categories ?? []) {
    node = { displayName: category.name, classificationId: category.id, ...(node ? { parent: node } : {}) };
  }
  return node ? [node] : [];
};

const summaryOf = (product: SimProduct): Json => {
  const leaf = product.categories?.at(-1);
  const summary: Json = {
    marketplaceId: product.marketplace.spApiId,
    adultProduct: false,
    itemClassification: product.kind === "variation-parent" ? "VARIATION_PARENT" : "BASE_PRODUCT",
    modelNumber: product.model,
    partNumber: product.model,
    packageQuantity: 1,
    releaseDate: product.releaseDate,
    websiteDisplayGroup: "made_up_display_on_website",
  };
  const known = {
    itemName: product.title,
    brand: product.brand,
    manufacturer: product.manufacturer,
    color: product.color,
    size: product.size,
  };
  for (const [key, value] of Object.entries(known)) if (value !== null) summary[key] = value;
  if (leaf) summary.browseClassification = { displayName: leaf.name, classificationId: leaf.id };
  return summary;
};

const centimetres = (mm: number): Json => ({ unit: "centimeters", value: mm / 10 });

/** Writes one catalog item with the data sets that were asked for, each a list by marketplace. */
export const catalogItem = (
  product: SimProduct,
  included: ReadonlySet<string>,
  products: ProductSource,
  noAttributes: boolean,
): Json => {
  const marketplaceId = product.marketplace.spApiId;
  const item: Json = { asin: product.asin };
  const add = (name: string, value: () => unknown): void => {
    if (included.has(name)) item[name] = value();
  };
  add("attributes", () => (noAttributes ? {} : attributesOf(product)));
  add("classifications", () => [{ marketplaceId, classifications: classificationsOf(product) }]);
  add("dimensions", () => [
    {
      marketplaceId,
      item: {
        height: centimetres(product.dimensionsMm.height),
        length: centimetres(product.dimensionsMm.length),
        width: centimetres(product.dimensionsMm.width),
        weight: { unit: "grams", value: product.weightGrams },
      },
    },
  ]);
  add("identifiers", () => [{ marketplaceId, identifiers: [{ identifierType: "EAN", identifier: product.ean }] }]);
  add("images", () => [{ marketplaceId, images: imagesOf(product) }]);
  add("productTypes", () => [{ marketplaceId, productType: product.kind === "book" ? "ABIS_BOOK" : "PRODUCT" }]);
  add("relationships", () => {
    const family = products.familyOf(product.asin);
    if (!family) return [{ marketplaceId, relationships: [] }];
    const variationTheme = { attributes: ["color"], theme: "COLOR" };
    const link = product.asin === family.parent ? { childAsins: family.children } : { parentAsins: [family.parent] };
    return [{ marketplaceId, relationships: [{ type: "VARIATION", ...link, variationTheme }] }];
  });
  add("salesRanks", () => {
    const root = product.categories?.[0];
    const group = {
      websiteDisplayGroup: "made_up_display_on_website",
      title: root?.name ?? "",
      rank: product.salesRank,
    };
    return [{ marketplaceId, ...(root ? { displayGroupRanks: [group] } : {}) }];
  });
  add("summaries", () => [summaryOf(product)]);
  add("vendorDetails", () => []);
  return item;
};

/** What `searchCatalogItems` was asked. */
export interface CatalogSearch {
  readonly identifiers: readonly string[];
  readonly identifiersType: string | null;
  readonly keywords: readonly string[];
  readonly pageSize: number;
  readonly offset: number;
}

/** Checks the query. One malformed ASIN fails the whole call, without naming it. Throws ReplyError 400. */
export const parseCatalogSearch = (params: URLSearchParams): CatalogSearch => {
  const identifiers = listOf(params, "identifiers");
  const keywords = listOf(params, "keywords");
  const identifiersType = params.get("identifiersType");
  if (identifiers.length > 0 === keywords.length > 0)
    throw invalidInput("Exactly one of 'identifiers' and 'keywords' must be provided.");
  if (identifiers.length > 20) throw invalidInput("Invalid 'identifiers' provided: at most 20.");
  if (keywords.length > 20) throw invalidInput("Invalid 'keywords' provided: at most 20.");
  if (identifiers.length > 0 && !IDENTIFIER_TYPES.includes(identifiersType ?? ""))
    throw invalidInput("Invalid 'identifiersType' provided.");
  if (identifiersType === "SKU" && !params.get("sellerId")) throw invalidInput("'sellerId' is required for SKU.");
  if (identifiersType === "ASIN" && !identifiers.every((asin) => /^[A-Z0-9]{10}$/.test(asin))) {
    throw invalidInput("Invalid 'asin' provided.");
  }
  const size = params.get("pageSize") ?? "10";
  if (!/^\d+$/.test(size) || Number(size) < 1 || Number(size) > 20) throw invalidInput("Invalid 'pageSize' provided.");
  const token = params.get("pageToken");
  const offset = token === null ? 0 : Number(Buffer.from(token, "base64url").toString("utf8").replace("offset:", ""));
  if (!Number.isInteger(offset) || offset < 0) throw invalidInput("Invalid 'pageToken' provided.");
  return { identifiers, identifiersType, keywords, pageSize: Number(size), offset };
};

/** The ASINs that a search finds, unknown ones left out. */
export const foundAsins = (
  search: CatalogSearch,
  place: Marketplace,
  products: ProductSource,
  notFound: readonly string[],
): string[] => {
  if (search.keywords.length > 0) return [...products.search(search.keywords.join(" "), place)];
  if (search.identifiersType !== "ASIN") return [];
  return [...new Set(search.identifiers)].filter((asin) => isAsin(asin) && !notFound.includes(asin));
};

/** One page of hits and the tokens to its neighbours. */
export const pageOf = (
  asins: readonly string[],
  search: CatalogSearch,
): { asins: readonly string[]; pagination?: Json } => {
  const token = (offset: number): string => Buffer.from(`offset:${offset}`).toString("base64url");
  const end = search.offset + search.pageSize;
  const pagination: Json = {};
  if (end < asins.length) pagination.nextToken = token(end);
  if (search.offset > 0) pagination.previousToken = token(Math.max(0, search.offset - search.pageSize));
  return {
    asins: asins.slice(search.offset, end),
    ...(Object.keys(pagination).length > 0 ? { pagination } : {}),
  };
};
