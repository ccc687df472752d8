import { priceOf } from "../../core/money/price.ts";
import { isAsin } from "../../core/products/asin.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { ProductFields } from "../../core/products/product.ts";
import type { SourceProduct } from "../../core/sources/source-client.ts";
import { finishFields } from "../reading/finish-fields.ts";
import { htmlText } from "../reading/html-text.ts";
import { chain } from "../reading/lenient-leaves.ts";
import { attributeValues, type CatalogItem, ClassificationSchema } from "./schema.ts";
import { specificationsOf } from "./specifications.ts";

const here = <Entry extends { readonly marketplaceId: string }>(
  entries: readonly Entry[] | null | undefined,
  place: Marketplace,
): Entry | undefined => entries?.find((entry) => entry.marketplaceId === place.spApiId);

/** The largest size of each variant: MAIN first, the others in Amazon's order. */
const imagesOf = (item: CatalogItem, place: Marketplace): ProductFields["images"] => {
  const largest = new Map<string, { url: string; width: number | null; height: number | null }>();
  for (const image of here(item.images, place)?.images ?? []) {
    const variant = image.variant ?? image.link;
    const next = { url: image.link, width: image.width, height: image.height };
    const known = largest.get(variant);
    const area = (size: typeof next): number => (size.width ?? 0) * (size.height ?? 0);
    if (!known || area(next) > area(known)) largest.set(variant, next);
  }
  const entries = [...largest].sort(([a], [b]) => Number(b === "MAIN") - Number(a === "MAIN"));
  return entries.length > 0 ? entries.map(([, image]) => image) : null;
};

/** The names from a class up to its root, root first. */
const pathOf = (leaf: unknown): string[] =>
  chain(leaf, ClassificationSchema, "parent")
    .flatMap(({ displayName }) => displayName ?? [])
    .reverse();

const texts = (item: CatalogItem, name: string, place: Marketplace): string[] =>
  attributeValues(item, name)
    .filter((entry) => !entry.marketplace_id || entry.marketplace_id === place.spApiId)
    .flatMap((entry) => (typeof entry.value === "string" ? (htmlText(entry.value) ?? []) : []));

const listPrice = (item: CatalogItem, place: Marketplace): string | null => {
  const price = attributeValues(item, "list_price").find((entry) => entry.currency === place.currency);
  const value = price?.value;
  return typeof value === "number" || typeof value === "string" ? priceOf(value, place.currency) : null;
};

/**
 * Maps a catalog item to the fields of Enrichline, from the data of the requested shop only. SP-API's catalog has no
 * selling price, rating or availability.
 */
export const toProduct = (item: CatalogItem, place: Marketplace): SourceProduct => {
  const summary = here(item.summaries, place);
  const images = imagesOf(item, place);
  const parent = here(item.relationships, place)
    ?.relationships.flatMap((relation) => (relation.type === "VARIATION" ? relation.parentAsins : []))
    .find(isAsin);
  const original = listPrice(item, place);
  const fields = finishFields({
    parent_asin: parent ?? null,
    title: summary?.itemName || texts(item, "item_name", place)[0] || null,
    description: texts(item, "product_description", place)[0] ?? null,
    brand: summary?.brand ?? null,
    manufacturer: summary?.manufacturer ?? null,
    features: texts(item, "bullet_point", place),
    specifications: specificationsOf(item, place),
    categories: pathOf(here(item.classifications, place)?.classifications[0]),
    image_url: images?.[0]?.url ?? null,
    images,
    detail_page_url: `https://${place.code}/dp/${item.asin}`,
    original_price: original,
    currency: original === null ? null : place.currency,
  });
  return { asin: item.asin, fields };
};
