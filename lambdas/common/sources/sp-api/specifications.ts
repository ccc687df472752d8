import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { Specification } from "../../core/products/product.ts";
import { valueText } from "../reading/specifications.ts";
import { attributeValues, type CatalogItem } from "./schema.ts";

/** Attributes that are fields of their own. */
const FIELDS: ReadonlySet<string> = new Set([
  "item_name",
  "brand",
  "manufacturer",
  "bullet_point",
  "product_description",
  "list_price",
]);
/** Attributes about the offer, the listing and its upkeep: they say nothing of the product. */
const NO_SPECIFICATION =
  /price|offer|fulfil|merchant|image|locator|keyword|browse|tax|relationship|shipping|suggested_asin/;

/** `item_weight` as people write it. */
const nameOf = (attribute: string): string => {
  const words = attribute.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** A measure is a value with its unit, dimensions are an object of measures. */
const measuresIn = (name: string, entry: Readonly<Record<string, unknown>>): Specification[] => {
  const value = valueText(entry.value, entry.unit);
  if (value !== null) return [{ name: nameOf(name), value }];
  return Object.entries(entry).flatMap(([part, measure]) => {
    if (typeof measure !== "object" || measure === null || !("value" in measure)) return [];
    const text = valueText(measure.value, "unit" in measure ? measure.unit : undefined);
    return text === null ? [] : [{ name: nameOf(`${name}_${part}`), value: text }];
  });
};

/** The attributes of a catalog item in one shop, by Amazon's names with spaces; null when there are none. */
export const specificationsOf = (item: CatalogItem, place: Marketplace): Specification[] | null => {
  const found = Object.keys(item.attributes ?? {})
    .filter((name) => !FIELDS.has(name) && !NO_SPECIFICATION.test(name))
    .flatMap((name) => {
      const byName = new Map<string, string[]>();
      for (const entry of attributeValues(item, name)) {
        if (entry.marketplace_id && entry.marketplace_id !== place.spApiId) continue;
        for (const one of measuresIn(name, entry)) byName.set(one.name, [...(byName.get(one.name) ?? []), one.value]);
      }
      return [...byName].map(([own, values]) => ({ name: own, value: [...new Set(values)].join(", ") }));
    });
  return found.length > 0 ? found : null;
};
