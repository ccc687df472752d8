import type { Json } from "../json.ts";

const ITEM_KEYS = [
  "browseNodeInfo",
  "customerReviews",
  "images",
  "itemInfo",
  "offersV2",
  "parentASIN",
  "score",
  "variationAttributes",
];
const INFO_KEYS = [
  "byLineInfo",
  "classifications",
  "contentInfo",
  "contentRating",
  "externalIds",
  "features",
  "manufactureInfo",
  "productInfo",
  "technicalInfo",
  "title",
  "tradeInInfo",
];
const SIZE_KEYS = ["hiRes", "large", "medium", "small"];

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const fill = (target: Json, keys: readonly string[]): Json => {
  const filled: Json = { ...target };
  for (const key of keys) filled[key] ??= null;
  return filled;
};

/** Writes null where a resource was not asked for or has no data, as the API does at times. */
export const withExplicitNulls = (item: Json): Json => {
  const filled = fill(item, ITEM_KEYS);
  if (isObject(filled.itemInfo)) filled.itemInfo = fill(filled.itemInfo, INFO_KEYS);
  if (isObject(filled.images)) {
    const images = fill(filled.images, ["primary", "variants"]);
    if (isObject(images.primary)) images.primary = fill(images.primary, SIZE_KEYS);
    filled.images = images;
  }
  return filled;
};
