import { amountFromMinor } from "../../core/money/money.ts";
import { isAsin } from "../../core/products/asin.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { ProductFields, Variant } from "../../core/products/product.ts";
import { soundMoney } from "../../core/products/sound-money.ts";
import type { SourceItemFailure, SourceProduct } from "../../core/sources/source-client.ts";
import { finishFields } from "../reading/finish-fields.ts";
import { htmlText } from "../reading/html-text.ts";
import { availabilityOf } from "./availability.ts";
import { imagesOf, imageUrl } from "./images.ts";
import { latestOf } from "./latest.ts";
import { currentPriceMinor, originalPriceMinor } from "./price.ts";
import type { KeepaProduct } from "./schema.ts";
import { SERIES } from "./series.ts";
import { specificationsOf } from "./specifications.ts";

const NOT_ACCESSIBLE = 3;
const NO_DATA = 4;
/** Types that are never sold under their own ASIN; for them a missing price says nothing about stock. */
const UNPRICED_TYPES = new Set([2, 5]);

const amounts = (product: KeepaProduct, place: Marketplace): Partial<ProductFields> => {
  const text = (minor: number | undefined): string | null =>
    (minor === undefined ? undefined : amountFromMinor(Math.round(minor), place.currencyDigits)) ?? null;
  const current = text(currentPriceMinor(product));
  return soundMoney({
    current_price: current,
    original_price: text(originalPriceMinor(product)),
    savings_amount: null,
    savings_percentage: null,
    currency: place.currency,
    condition: current === null ? null : "New",
  });
};

const variantsOf = (product: KeepaProduct): Variant[] | null => {
  const variants = product.variations
    .filter((variation) => isAsin(variation.asin))
    .map((variation) => ({
      color_name: variation.attributes.find((attribute) => /^colou?r$/i.test(attribute.dimension ?? ""))?.value ?? null,
      asin: variation.asin,
      images: variation.image ? [{ small: null, medium: null, large: imageUrl(variation.image) }] : [],
    }));
  return variants.length > 0 ? variants : null;
};

const counted = (product: KeepaProduct): Partial<ProductFields> => {
  const rating = latestOf(product, SERIES.RATING) ?? -1;
  const reviews = latestOf(product, SERIES.COUNT_REVIEWS) ?? -1;
  return {
    star_rating: rating >= 0 && rating <= 50 ? rating / 10 : null,
    customer_review_count: Number.isInteger(reviews) && reviews >= 0 ? reviews : null,
  };
};

/** Whether Keepa knows anything that makes a product: one without even a title is only a place that Keepa keeps for it. */
const isKnown = ({ title, brand, images, imagesCSV }: KeepaProduct, prices: Partial<ProductFields>): boolean =>
  Boolean(title || brand || imagesCSV || prices.current_price) || images.length > 0;

/** The failure that Keepa's product type means for the whole product; undefined when the product can be read. */
const gate = (product: KeepaProduct, prices: Partial<ProductFields>): SourceItemFailure | undefined => {
  if (product.productType === NOT_ACCESSIBLE) {
    return { asin: product.asin, code: "NotAccessible", message: "Keepa may not show this product" };
  }
  if (product.productType === NO_DATA || !isKnown(product, prices)) {
    return { asin: product.asin, code: "NoData", message: "Keepa has no data of this ASIN in this shop" };
  }
  return undefined;
};

/**
 * Maps one Keepa product to the fields of Enrichline. Prices are whole minor units of the shop's currency (yen have
 * none); -1 means none. Ratings are tenths of stars.
 */
export const toProduct = (product: KeepaProduct, place: Marketplace): SourceProduct | SourceItemFailure => {
  const prices = amounts(product, place);
  const refused = gate(product, prices);
  if (refused) return refused;
  const images = imagesOf(product);
  const unpriced = UNPRICED_TYPES.has(product.productType ?? 0) && prices.current_price === null;
  const availability = unpriced ? null : availabilityOf(product, prices.current_price !== null);
  const fields = finishFields({
    ...prices,
    ...counted(product),
    parent_asin: product.parentAsin ?? null,
    title: htmlText(product.title ?? ""),
    description: htmlText(product.description ?? ""),
    brand: product.brand ?? null,
    manufacturer: product.manufacturer ?? null,
    features: product.features.flatMap((feature) => htmlText(feature) ?? []),
    specifications: specificationsOf(product),
    categories: product.categoryTree.flatMap((category) => category.name ?? []),
    image_url: images?.[0]?.url ?? null,
    images,
    detail_page_url: `https://${place.code}/dp/${product.asin}`,
    availability_type: availability?.type ?? null,
    availability_message: availability?.message ?? null,
    variants: variantsOf(product),
  });
  return { asin: product.asin, fields };
};
