import { savingsOf } from "../../core/money/savings.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";
import type { ProductFields } from "../../core/products/product.ts";

/** The fields that follow from a price and the former price beside it; either may be missing. */
export const pricedFields = (
  current: string | null,
  original: string | null,
  place: Marketplace,
): Partial<ProductFields> => {
  const savings = current !== null && original !== null ? savingsOf(original, current) : undefined;
  return {
    current_price: current,
    original_price: original,
    savings_amount: savings?.amount ?? null,
    savings_percentage: savings?.percentage ?? null,
    currency: current === null && original === null ? null : place.currency,
    condition: current === null ? null : "New",
  };
};
