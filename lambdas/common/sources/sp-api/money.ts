import { priceOf } from "../../core/money/price.ts";
import type { Marketplace } from "../../core/products/marketplaces.ts";

/**
 * Decimal text of an amount in the shop's own currency; null for none, for nothing or less, and for another currency.
 * @param amount decimal major units, as in all of SP-API
 */
export const amountIn = (
  place: Marketplace,
  amount: number | string | null | undefined,
  currency: string | null | undefined,
): string | null => (currency === place.currency ? priceOf(amount, place.currency) : null);

/** An amount as a number to compare with others; Infinity for none. */
export const comparable = (amount: number | string | null | undefined): number => {
  const value = amount === null || amount === undefined || amount === "" ? Number.NaN : Number(amount);
  return Number.isFinite(value) ? value : Infinity;
};
