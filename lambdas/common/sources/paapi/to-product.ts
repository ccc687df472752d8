import { isAsin } from "../../core/products/asin.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { ProductFields, Variant } from "../../core/products/product.ts";
import type { SourceProduct } from "../../core/sources/source-client.ts";
import { categoryPath } from "./categories.ts";
import { offerFields } from "./offers.ts";
import type { PaapiImageSet, PaapiItem } from "./schema.ts";

const pixels = (value: number | null | undefined): number | null =>
  typeof value === "number" && Number.isInteger(value) && value > 0 ? value : null;

const imageSets = (item: PaapiItem): PaapiImageSet[] =>
  [item.Images?.Primary, ...(item.Images?.Variants ?? [])].filter((set) => set !== null && set !== undefined);

/** The largest size of each picture, the primary one first; null when there are none. */
const imagesOf = (item: PaapiItem): ProductFields["images"] => {
  const images = imageSets(item).flatMap((set) => {
    const image = set.Large ?? set.Medium ?? set.Small;
    return image ? [{ url: image.URL, width: pixels(image.Width), height: pixels(image.Height) }] : [];
  });
  return images.length > 0 ? images : null;
};

/** Maps one PA-API item to the fields of Enrichline. Amounts are decimal major units. */
export const toProduct = (item: PaapiItem, place: Marketplace): SourceProduct => {
  const info = item.ItemInfo;
  const images = imagesOf(item);
  const features = info?.Features?.DisplayValues?.map((line) => line.trim()).filter((line) => line !== "") ?? [];
  const rating = item.CustomerReviews?.StarRating?.Value;
  const count = item.CustomerReviews?.Count;
  const fields: Partial<ProductFields> = {
    parent_asin: item.ParentASIN && isAsin(item.ParentASIN) ? item.ParentASIN : null,
    title: info?.Title?.DisplayValue || null,
    brand: info?.ByLineInfo?.Brand?.DisplayValue || null,
    manufacturer: info?.ByLineInfo?.Manufacturer?.DisplayValue || null,
    features: features.length > 0 ? features : null,
    categories: categoryPath(item.BrowseNodeInfo?.BrowseNodes),
    image_url: images?.[0]?.url ?? null,
    images,
    // Unchanged: its query string credits sales to the partner.
    detail_page_url: item.DetailPageURL ?? `https://${place.code}/dp/${item.ASIN}`,
    star_rating: typeof rating === "number" && rating >= 0 && rating <= 5 ? rating : null,
    customer_review_count: typeof count === "number" && Number.isInteger(count) && count >= 0 ? count : null,
    ...offerFields(item, place),
  };
  return { asin: item.ASIN, fields };
};

/** One member of a variation family with its colour and its pictures in all sizes. */
export const toVariant = (item: PaapiItem): Variant => ({
  color_name:
    item.VariationAttributes?.find((attribute) => attribute.Name === "color_name")?.Value ??
    item.ItemInfo?.ProductInfo?.Color?.DisplayValue ??
    null,
  asin: item.ASIN,
  images: imageSets(item).map((set) => ({
    small: set.Small?.URL ?? null,
    medium: set.Medium?.URL ?? null,
    large: set.Large?.URL ?? null,
  })),
});
