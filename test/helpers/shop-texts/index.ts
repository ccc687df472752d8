import type { Availability } from "../../../lambdas/common/core/products/product.ts";
import { AMERICAS } from "./americas.ts";
import { FURTHER_SHOPS } from "./further-shops.ts";
import type { ShopTexts } from "./shop-texts.ts";
import { WESTERN_EUROPE } from "./western-europe.ts";

/** The availabilities that a text of each kind may be read as. */
export const MEANINGS: Readonly<Record<Exclude<keyof ShopTexts, "language">, readonly Availability[]>> = {
  in_stock: ["in_stock"],
  low_stock: ["low_stock"],
  gone: ["out_of_stock", "unavailable"],
  preorder: ["preorder"],
  backorder: ["backorder"],
};

/** What all 22 shops print, keyed by country; a shop's second language has an entry of its own. */
export const SHOP_TEXTS: Readonly<Record<string, readonly ShopTexts[]>> = {
  ...AMERICAS,
  ...WESTERN_EUROPE,
  ...FURTHER_SHOPS,
};
