import type { Json } from "../shared/json.ts";
import type { SimAvailabilityType, SimProduct } from "../shared/products/product.ts";
import type { ProductSource } from "../shared/products/product-source.ts";
import { csvOf, currentValues, extremesOf, keepaMinutes, meansOf } from "./price-series.ts";
import type { ProductRequest } from "./product-request.ts";

const AMAZON_STOCK: Readonly<Record<SimAvailabilityType, number>> = {
  IN_STOCK: 0,
  IN_STOCK_SCARCE: 0,
  PREORDER: 1,
  UNKNOWN: 2,
  AVAILABLE_DATE: 3,
  LEADTIME: 4,
  OUT_OF_STOCK: -1,
  UNAVAILABLE: -1,
};
const IMAGE_NAME = /\/images\/I\/([^/]+)$/;

/** Keys that every product has; null where Keepa has no data or was not asked. */
const NULL_KEYS = [
  "author",
  "binding",
  "color",
  "coupon",
  "couponHistory",
  "csv",
  "description",
  "edition",
  "eanList",
  "ebayListingIds",
  "fbaFees",
  "features",
  "format",
  "frequentlyBoughtTogether",
  "gtinList",
  "images",
  "languages",
  "liveOffersOrder",
  "manufacturer",
  "model",
  "monthlySoldHistory",
  "offers",
  "parentAsin",
  "partNumber",
  "promotions",
  "salesRanks",
  "size",
  "stats",
  "title",
  "upcList",
  "urlSlug",
  "variations",
  "brand",
  "categories",
  "categoryTree",
  "buyBoxSellerIdHistory",
];

const emptyProduct = (asin: string, request: ProductRequest, productType: number): Json => ({
  ...Object.fromEntries(NULL_KEYS.map((key) => [key, null])),
  asin,
  domainId: request.place.keepaDomain,
  productType,
  availabilityAmazon: -1,
  lastUpdate: 0,
  rootCategory: 0,
});

const imagesOf = (product: SimProduct): Json[] | null => {
  const images = product.images.flatMap((image, at): Json[] => {
    const large = IMAGE_NAME.exec(image.hiRes.url)?.[1];
    const medium = IMAGE_NAME.exec(image.large.url)?.[1];
    if (!large || !medium) return [];
    // Real answers lack the large one now and then.
    const onlyMedium = at > 0 && product.salesRank % 5 === 0;
    return [{ ...(onlyMedium ? {} : { l: large, lH: 1500, lW: 1500 }), m: medium, mH: 500, mW: 500 }];
  });
  return images.length > 0 ? images : null;
};

const statsOf = (product: SimProduct, request: ProductRequest, hasOffer: boolean, nowMinutes: number): Json => {
  const values = currentValues(product, hasOffer, request);
  const series = csvOf(product, values, nowMinutes, request.statsDays);
  const whole = csvOf(product, values, nowMinutes, null);
  const asked = request.buybox;
  const price = hasOffer ? product.priceMinor : null;
  const saving = product.listPriceMinor;
  const stats: Json = {
    current: values,
    avg: meansOf(series),
    avg30: meansOf(csvOf(product, values, nowMinutes, 30)),
    avg90: meansOf(csvOf(product, values, nowMinutes, 90)),
    avg180: meansOf(csvOf(product, values, nowMinutes, 180)),
    avg365: meansOf(whole),
    atIntervalStart: series.map((points) => points?.[1] ?? -1),
    min: extremesOf(whole, "min"),
    max: extremesOf(whole, "max"),
    minInInterval: extremesOf(series, "min"),
    maxInInterval: extremesOf(series, "max"),
    outOfStockPercentage30: values.map((value) => (value < 0 ? -1 : 0)),
    outOfStockPercentage90: values.map((value) => (value < 0 ? -1 : 0)),
    outOfStockPercentageInInterval: values.map((value) => (value < 0 ? -1 : 0)),
    salesRankDrops30: 12,
    salesRankDrops90: 40,
    salesRankDrops180: 81,
    salesRankDrops365: 170,
    totalOfferCount: price === null ? 0 : 4,
    retrievedOfferCount: -2,
    offerCountFBA: -2,
    offerCountFBM: -2,
    tradeInPrice: -2,
    lastOffersUpdate: nowMinutes - 60,
    buyBoxPrice: -2,
    buyBoxShipping: -2,
    buyBoxSellerId: null,
    buyBoxSavingBasis: null,
    buyBoxSavingBasisType: null,
    buyBoxSavingPercentage: null,
    buyBoxAvailabilityMessage: null,
    buyBoxIsAmazon: null,
    buyBoxIsFBA: null,
    buyBoxIsUnqualified: null,
    buyBoxIsPreorder: null,
    buyBoxIsBackorder: null,
    buyBoxIsMAP: null,
    buyBoxIsPrimeExclusive: null,
  };
  if (!asked) return stats;
  if (price === null) return { ...stats, buyBoxPrice: -1, buyBoxShipping: -1, buyBoxIsUnqualified: true };
  const saves = saving !== null && saving > price;
  return {
    ...stats,
    buyBoxPrice: price,
    buyBoxShipping: 0,
    buyBoxSellerId: product.merchant.id,
    buyBoxIsAmazon: true,
    buyBoxIsFBA: true,
    buyBoxIsUnqualified: false,
    buyBoxIsMAP: false,
    buyBoxIsUsed: false,
    buyBoxIsPreorder: product.availability?.type === "PREORDER",
    buyBoxIsBackorder: product.availability?.type === "LEADTIME",
    buyBoxAvailabilityMessage: product.availability?.type === "IN_STOCK_SCARCE" ? "IN_STOCK_SCARCE" : "IN_STOCK",
    ...(saves
      ? {
          buyBoxSavingBasis: saving,
          buyBoxSavingBasisType: product.savingBasis === "WAS_PRICE" ? "WAS_PRICE" : "LIST_PRICE",
          buyBoxSavingPercentage: Math.round(((saving - price) / saving) * 100),
        }
      : {}),
  };
};

const slug = (title: string): string =>
  title
    .replace(/[^A-Za-z0-9]+/g, "-")
    .split("-")
    .slice(0, 6)
    .join("-");

/** Writes one product as Keepa does. `hasOffer` false: nobody sells it. */
export const keepaProduct = (
  product: SimProduct,
  request: ProductRequest,
  hasOffer: boolean,
  products: ProductSource,
  nowMs: number,
): Json => {
  const now = keepaMinutes(nowMs);
  const family = products.familyOf(product.asin);
  const isParent = product.kind === "variation-parent";
  const values = currentValues(product, hasOffer, request);
  const path = product.categories;
  const leaf = path?.at(-1);
  const stock = hasOffer && product.availability ? AMAZON_STOCK[product.availability.type] : -1;
  const date = Number(product.releaseDate.replaceAll("-", ""));
  const isBook = product.kind === "book";
  return {
    ...emptyProduct(product.asin, request, isParent ? 5 : 0),
    title: product.title,
    brand: isBook ? null : product.brand,
    author: isBook ? product.brand : null,
    manufacturer: product.manufacturer,
    model: product.model,
    partNumber: product.model,
    color: product.color,
    size: product.size,
    description: product.description.slice(0, 2000),
    features: product.features?.map((feature) => feature.slice(0, 1000)) ?? null,
    images: imagesOf(product),
    categories: leaf ? [Number(leaf.id)] : null,
    categoryTree: path?.map(({ id, name }) => ({ catId: Number(id), name })) ?? null,
    rootCategory: path?.[0] ? Number(path[0].id) : 0,
    eanList: [product.ean],
    upcList: isBook ? null : [product.upc],
    gtinList: [product.ean.padStart(14, "0")],
    parentAsin: product.parentAsin,
    variations: isParent
      ? (family?.children.map((asin) => ({
          asin,
          attributes: [
            { dimension: "Color", value: products.get(asin, request.place).color },
            { dimension: "Size", value: "One Size" },
          ],
        })) ?? null)
      : null,
    availabilityAmazon: stock,
    ...(stock === 4 ? { availabilityAmazonDelay: [72, 120] } : {}),
    hasReviews: product.reviewCount !== null,
    isAdultProduct: false,
    isRedirectASIN: false,
    isSNS: false,
    itemHeight: product.dimensionsMm.height,
    itemLength: product.dimensionsMm.length,
    itemWidth: product.dimensionsMm.width,
    itemWeight: product.weightGrams,
    packageHeight: -1,
    packageLength: -1,
    packageWidth: -1,
    packageWeight: 0,
    lastUpdate: now - 45,
    lastPriceChange: now - 2000,
    lastRatingUpdate: now - 5000,
    lastSoldUpdate: now - 5000,
    listedSince: now - 1_500_000,
    trackingSince: now - 1_400_000,
    monthlySold: Math.max(0, 5000 - (product.salesRank % 6000)),
    publicationDate: isBook ? date : -1,
    releaseDate: isBook ? -1 : date,
    urlSlug: product.title ? slug(product.title) : null,
    csv: request.history ? csvOf(product, values, now, request.days) : null,
    salesRanks: request.history && path?.[0] ? { [path[0].id]: [now - 10_000, product.salesRank] } : null,
    stats: request.statsDays === null ? null : statsOf(product, request, hasOffer, now),
    offersSuccessful: request.offers !== null,
    newPriceIsMAP: false,
    // Known to the wire but to no published class: readers must pass over it.
    launchpad: false,
    g: 1,
  };
};

export { emptyProduct };
