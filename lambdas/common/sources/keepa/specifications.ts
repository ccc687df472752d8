import type { Specification } from "../../core/products/product.ts";
import { valueText } from "../reading/specifications.ts";
import type { KeepaProduct } from "./schema.ts";

/**
 * Attributes of Keepa's product object with the names under which they are given out and their units. -1, 0 and null mean
 * that Keepa does not know.
 * @see https://github.com/keepacom/api_backend src/main/java/com/keepa/api/backend/structs/Product.java
 */
const ATTRIBUTES: readonly (readonly [key: string, name: string, unit?: string])[] = [
  ["color", "Color"],
  ["size", "Size"],
  ["style", "Style"],
  ["pattern", "Pattern"],
  ["scent", "Scent"],
  ["model", "Model"],
  ["partNumber", "Part number"],
  ["binding", "Binding"],
  ["format", "Format"],
  ["edition", "Edition"],
  ["author", "Author"],
  ["itemForm", "Item form"],
  ["itemHeight", "Item height", "mm"],
  ["itemLength", "Item length", "mm"],
  ["itemWidth", "Item width", "mm"],
  ["itemWeight", "Item weight", "g"],
  ["numberOfItems", "Number of items"],
  ["numberOfPages", "Number of pages"],
  ["includedComponents", "Included components"],
  ["recommendedUsesForProduct", "Recommended uses"],
  ["productBenefit", "Product benefit"],
  ["activeIngredients", "Active ingredients"],
  ["specialIngredients", "Special ingredients"],
  ["ingredients", "Ingredients"],
  ["safetyWarning", "Safety warning"],
];

/** The attributes of a product by name, in the order of the table; null when Keepa has none. */
export const specificationsOf = (product: KeepaProduct): Specification[] | null => {
  const found = ATTRIBUTES.flatMap(([key, name, unit]) => {
    const given = product[key];
    if (typeof given === "number" && given <= 0) return [];
    const value = valueText(given, unit);
    return value === null ? [] : [{ name, value }];
  });
  const { unitCount } = product;
  const count = valueText(unitCount?.unitValue, unitCount?.unitType);
  if (count !== null) found.push({ name: "Unit count", value: count });
  return found.length > 0 ? found : null;
};
