import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { ProductFields } from "../../core/products/product.ts";
import { finishFields } from "../reading/finish-fields.ts";

/** The fields that follow from a price and the former price beside it; either may be missing. */
export const pricedFields = (
  current: string | null,
  original: string | null,
  place: Marketplace,
): Partial<ProductFields> =>
  finishFields({
    current_price: current,
    original_price: original,
    savings_amount: null,
    savings_percentage: null,
    currency: place.currency,
    condition: current === null ? null : "New",
  });
