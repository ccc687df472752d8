import type { Json, Wanted } from "../json.ts";
import { type OfferSwitches, offersV2Of } from "./offers-v2.ts";
import type { SimCategory, SimImage, SimProduct } from "./product.ts";
import { apiLocaleOf } from "./shop-language.ts";

/** How an item is written. */
export interface ItemSwitches extends OfferSwitches {
  readonly no_ratings: boolean;
}

const put = (target: Json, key: string, value: unknown): void => {
  if (value === undefined || value === null) return;
  if (typeof value === "object" && !Array.isArray(value) && Object.keys(value).length === 0) return;
  target[key] = value;
};

const single = (displayValue: unknown, label: string, locale: string, unit?: string): Json | undefined =>
  displayValue === null || displayValue === undefined
    ? undefined
    : { displayValue, label, locale, ...(unit === undefined ? {} : { unit }) };

const several = (displayValues: readonly unknown[] | null, label: string, locale: string): Json | undefined =>
  displayValues === null || displayValues.length === 0 ? undefined : { displayValues, label, locale };

const inches = (mm: number): number => Math.round(mm / 2.54) / 10;

const productInfo = (product: SimProduct, locale: string): Json => {
  const info: Json = {};
  put(info, "color", single(product.color, "Color", locale));
  put(info, "size", single(product.size, "Size", locale));
  put(info, "isAdultProduct", single(false, "IsAdultProduct", locale));
  const { height, length, width } = product.dimensionsMm;
  put(info, "itemDimensions", {
    height: single(inches(height), "Height", locale, "inches"),
    length: single(inches(length), "Length", locale, "inches"),
    // Weights on the wire are unrounded conversions.
    weight: single(product.weightGrams / 453.59237, "Weight", locale, "pounds"),
    width: single(inches(width), "Width", locale, "inches"),
  });
  put(info, "releaseDate", single(`${product.releaseDate}T00:00:01Z`, "ReleaseDate", locale));
  put(info, "unitCount", single(product.unitCount, "NumberOfItems", locale));
  return info;
};

const itemInfo = (product: SimProduct, wanted: Wanted): Json => {
  const locale = apiLocaleOf(product.marketplace);
  const isBook = product.kind === "book";
  const parts: Readonly<Record<string, () => Json | undefined>> = {
    title: () => single(product.title, "Title", locale),
    features: () => several(product.features, "Features", locale),
    byLineInfo: () => {
      const by: Json = {};
      if (!isBook) put(by, "brand", single(product.brand, "Brand", locale));
      put(by, "manufacturer", single(product.manufacturer, "Manufacturer", locale));
      if (isBook && product.brand) {
        by.contributors = [{ locale, name: product.brand, role: "Author", roleType: "author" }];
      }
      return by;
    },
    classifications: () => ({
      binding: single(isBook ? "Paperback" : (product.categories?.[0]?.name ?? "Misc."), "Binding", locale),
      productGroup: single(isBook ? "Book" : (product.categories?.[0]?.name ?? "Misc."), "ProductGroup", locale),
    }),
    contentInfo: () =>
      isBook
        ? {
            languages: {
              displayValues: [{ displayValue: "English", type: "Published" }],
              label: "Language",
              locale,
            },
            edition: single("First", "Edition", locale),
            publicationDate: single(`${product.releaseDate}T00:00:01Z`, "PublicationDate", locale),
          }
        : undefined,
    contentRating: () => undefined,
    externalIds: () => ({
      eans: several([product.ean], "EAN", locale),
      ...(isBook
        ? { isbns: several([product.asin], "ISBN", locale) }
        : { upcs: several([product.upc], "UPC", locale) }),
    }),
    manufactureInfo: () => ({
      itemPartNumber: single(product.model, "PartNumber", locale),
      model: single(product.model, "Model", locale),
    }),
    productInfo: () => productInfo(product, locale),
    technicalInfo: () => (isBook ? { formats: several(["Illustrated"], "Format", locale) } : undefined),
    tradeInInfo: () => ({ isEligibleForTradeIn: false }),
  };
  const info: Json = {};
  for (const [name, make] of Object.entries(parts)) if (wanted(`itemInfo.${name}`)) put(info, name, make());
  return info;
};

const imageSizes = (image: SimImage, prefix: string, wanted: Wanted): Json => {
  const sizes: Json = {};
  for (const size of ["small", "medium", "large"] as const) {
    if (wanted(`${prefix}.${size}`)) {
      sizes[size] = { url: image[size].url, height: image[size].edge, width: image[size].edge };
    }
  }
  // The resource is called highRes, the key hiRes.
  if (wanted(`${prefix}.highRes`)) {
    sizes.hiRes = { url: image.hiRes.url, height: image.hiRes.edge, width: image.hiRes.edge };
  }
  return sizes;
};

const images = (product: SimProduct, wanted: Wanted): Json => {
  const [primary, ...variants] = product.images;
  const found: Json = {};
  if (primary) put(found, "primary", imageSizes(primary, "images.primary", wanted));
  const more = variants.map((image) => imageSizes(image, "images.variants", wanted));
  if (more.some((sizes) => Object.keys(sizes).length > 0)) found.variants = more;
  return found;
};

const node = (category: SimCategory): Json => ({
  id: category.id,
  displayName: category.name,
  contextFreeName: category.name,
});

/** The chain above a category: nearest first, nested. */
export const ancestorsOf = (path: readonly SimCategory[]): Json | undefined => {
  let above: Json | undefined;
  for (const category of path) above = above ? { ...node(category), ancestor: above } : node(category);
  return above;
};

const browseNodeInfo = (product: SimProduct, wanted: Wanted): Json => {
  const info: Json = {};
  const path = product.categories;
  const leaf = path?.at(-1);
  if (path && leaf) {
    const ranked = wanted("browseNodeInfo.browseNodes.salesRank");
    const climbed = wanted("browseNodeInfo.browseNodes.ancestor");
    if (wanted("browseNodeInfo.browseNodes") || ranked || climbed) {
      const entry: Json = { ...node(leaf), isRoot: path.length === 1 };
      if (ranked) entry.salesRank = Math.max(1, Math.floor(product.salesRank / 50));
      if (climbed) put(entry, "ancestor", ancestorsOf(path.slice(0, -1)));
      info.browseNodes = [entry];
    }
    const root = path[0];
    if (wanted("browseNodeInfo.websiteSalesRank") && root) {
      info.websiteSalesRank = { displayName: root.name, contextFreeName: root.name, salesRank: product.salesRank };
    }
  }
  return info;
};

/** Words in an item's link by operation. */
export const LINK_CODES = { getItems: "ogi", searchItems: "osi", getVariations: "ogv" } as const;

/**
 * Writes an item as the Creators API does. Only resources that were asked for are there, and of those only what the
 * product has.
 */
export const catalogItem = (
  product: SimProduct,
  wanted: Wanted,
  link: { readonly tag: string; readonly code: string },
  switches: ItemSwitches,
): Json => {
  const item: Json = {
    asin: product.asin,
    detailPageURL: `https://${product.marketplace.code}/dp/${product.asin}?tag=${encodeURIComponent(link.tag)}&linkCode=${link.code}&th=1&psc=1`,
  };
  if (wanted("parentASIN")) put(item, "parentASIN", product.parentAsin);
  put(item, "images", images(product, wanted));
  put(item, "itemInfo", itemInfo(product, wanted));
  put(item, "browseNodeInfo", browseNodeInfo(product, wanted));
  put(item, "offersV2", offersV2Of(product, wanted, switches));
  if (!switches.no_ratings) {
    const reviews: Json = {};
    if (wanted("customerReviews.count")) put(reviews, "count", product.reviewCount);
    if (wanted("customerReviews.starRating") && product.rating !== null) reviews.starRating = { value: product.rating };
    put(item, "customerReviews", reviews);
  }
  return item;
};
