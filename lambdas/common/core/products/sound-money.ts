import { isCurrency, priceOf } from "../money/price.ts";
import { savingsOf } from "../money/savings.ts";
import type { ProductFields } from "./product.ts";

const MONEY_FIELDS = [
  "current_price",
  "original_price",
  "savings_amount",
  "savings_percentage",
  "currency",
] as const satisfies readonly (keyof ProductFields)[];

/** The percentage that the shop prints may be rounded another way than ours; one that differs by more is about another price. */
const MAX_PERCENTAGE_DIFFERENCE = 1;

/**
 * The rule for the money of an offer, applied after every reader:
 * - a price is above 0 and has the places of its currency; without a currency there is none;
 * - price, former price and saving are in the one currency;
 * - a former price beside a price is above it;
 * - a saving is there only together with both, and is their difference.
 *
 * Other fields stay as they are, and money fields that were not read and have no value stay absent. Applying it twice
 * changes nothing.
 */
export const soundMoney = (fields: Partial<ProductFields>): Partial<ProductFields> => {
  if (MONEY_FIELDS.every((field) => fields[field] === undefined)) return fields;
  const currency = isCurrency(fields.currency) ? fields.currency : "";
  const current = priceOf(fields.current_price, currency);
  const listed = priceOf(fields.original_price, currency);
  const saved = current !== null && listed !== null ? savingsOf(listed, current) : undefined;
  const original = current === null || saved ? listed : null;
  const said = fields.savings_percentage;
  const isClose = typeof said === "number" && saved && Math.abs(said - saved.percentage) <= MAX_PERCENTAGE_DIFFERENCE;
  const money: Pick<ProductFields, (typeof MONEY_FIELDS)[number]> = {
    current_price: current,
    original_price: original,
    savings_amount: saved?.amount ?? null,
    savings_percentage: isClose ? said : (saved?.percentage ?? null),
    currency: current === null && original === null ? null : currency,
  };
  const present = MONEY_FIELDS.filter((field) => fields[field] !== undefined || money[field] !== null);
  return { ...fields, ...Object.fromEntries(present.map((field) => [field, money[field]])) };
};
