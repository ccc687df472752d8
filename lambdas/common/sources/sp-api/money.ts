import { amountFromMajor } from "../../core/money/money.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";

/**
 * Decimal text of an amount in the shop's own currency; null for none, for nothing or less, and for another currency.
 * @param amount decimal major units, as in all of SP-API
 */
export const amountIn = (
  place: Marketplace,
  amount: number | null | undefined,
  currency: string | null | undefined,
): string | null => {
  if (typeof amount !== "number" || amount <= 0 || currency !== place.currency) return null;
  return amountFromMajor(amount, place.currencyDigits) ?? null;
};
