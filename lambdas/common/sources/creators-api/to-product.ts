import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { ProductFields } from "../../core/products/product.ts";
import { finishFields } from "../reading/finish-fields.ts";
import { specificationsIn } from "../reading/specifications.ts";
import { offerFields } from "./offer.ts";
import { pictureFields } from "./pictures.ts";
import type { BrowseNode, Item } from "./schema.ts";

const trimmed = (text: string | null | undefined): string | null => text?.trim() || null;

const asList = (values: readonly (string | null | undefined)[]): string[] | null => {
  const given = [...new Set(values.flatMap((value) => trimmed(value) ?? []))];
  return given.length > 0 ? given : null;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/i;

/**
 * Name of a category as a shopper sees it. Answers also contain internal nodes of Amazon, whose names are UUIDs or say
 * that they are tests.
 * @see https://github.com/internetarchive/openlibrary openlibrary/core/vendors.py, which filters them as well
 */
const categoryName = ({ displayName, contextFreeName }: BrowseNode): string | null => {
  const name = trimmed(displayName) ?? trimmed(contextFreeName);
  return name === null || UUID.test(name) || /^test node\b/i.test(name) ? null : name;
};

/**
 * The fields of one item. Null where the item has none; prices and availability are absent when it has no offer of
 * a new item. The API has no descriptions, so there is never one.
 */
export const toProductFields = (item: Item, place: Marketplace): Partial<ProductFields> => {
  return finishFields({
    parent_asin: item.parentASIN ?? null,
    title: trimmed(item.itemInfo?.title?.displayValue),
    brand: trimmed(item.itemInfo?.byLineInfo?.brand?.displayValue),
    manufacturer: trimmed(item.itemInfo?.byLineInfo?.manufacturer?.displayValue),
    features: asList(item.itemInfo?.features?.displayValues ?? []),
    specifications: specificationsIn(item.itemInfo),
    categories: asList((item.browseNodeInfo?.browseNodes ?? []).map(categoryName)),
    ...pictureFields(item),
    // Unchanged: its query credits sales to the partner.
    detail_page_url: item.detailPageURL ?? null,
    ...offerFields(item, place),
    star_rating: item.customerReviews?.starRating?.value ?? null,
    customer_review_count: item.customerReviews?.count ?? null,
  });
};
