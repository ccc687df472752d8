import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { ProductFields, Variant } from "../../core/products/product.ts";
import type { SourceProduct } from "../../core/sources/source-client.ts";
import { finishFields } from "../reading/finish-fields.ts";
import { specificationsIn } from "../reading/specifications.ts";
import { categoryPath } from "./categories.ts";
import { offerFields } from "./offers.ts";
import { type PaapiImageSet, type PaapiItem, VariationAttributesSchema } from "./schema.ts";

const imageSets = (item: PaapiItem): PaapiImageSet[] =>
  [item.Images?.Primary, ...(item.Images?.Variants ?? [])].filter((set) => set !== null && set !== undefined);

/** The largest size of each picture, the primary one first; null when there are none. */
const imagesOf = (item: PaapiItem): ProductFields["images"] => {
  const images = imageSets(item).flatMap((set) => {
    const image = set.Large ?? set.Medium ?? set.Small;
    return image ? [{ url: image.URL, width: image.Width, height: image.Height }] : [];
  });
  return images.length > 0 ? images : null;
};

/** Maps one PA-API item to the fields of Enrichline. Amounts are decimal major units. */
export const toProduct = (item: PaapiItem, place: Marketplace): SourceProduct => {
  const info = item.ItemInfo;
  const images = imagesOf(item);
  const fields = finishFields({
    parent_asin: item.ParentASIN ?? null,
    title: info?.Title?.DisplayValue ?? null,
    brand: info?.ByLineInfo?.Brand?.DisplayValue ?? null,
    manufacturer: info?.ByLineInfo?.Manufacturer?.DisplayValue ?? null,
    features: info?.Features?.DisplayValues ?? null,
    specifications: specificationsIn(info),
    categories: categoryPath(item.BrowseNodeInfo?.BrowseNodes),
    image_url: images?.[0]?.url ?? null,
    images,
    // Unchanged: its query string credits sales to the partner.
    detail_page_url: item.DetailPageURL ?? `https://${place.code}/dp/${item.ASIN}`,
    star_rating: item.CustomerReviews?.StarRating?.Value ?? null,
    customer_review_count: item.CustomerReviews?.Count ?? null,
    ...offerFields(item, place),
  });
  return { asin: item.ASIN, fields };
};

/** One member of a variation family with its colour and its pictures in all sizes. */
export const toVariant = (item: PaapiItem): Variant => ({
  color_name:
    VariationAttributesSchema.parse(item.VariationAttributes).find(({ Name }) => Name === "color_name")?.Value ??
    item.ItemInfo?.ProductInfo?.Color?.DisplayValue ??
    null,
  asin: item.ASIN,
  images: imageSets(item).map((set) => ({
    small: set.Small?.URL ?? null,
    medium: set.Medium?.URL ?? null,
    large: set.Large?.URL ?? null,
  })),
});
