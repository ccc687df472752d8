import { findMarketplace, MARKETPLACES } from "../../../products/marketplaces.ts";
import { isAddress, readAddress } from "./amazon-address.ts";
import { trimCell } from "./cell-text.ts";

const BY_SP_API_ID = new Map(MARKETPLACES.map(({ spApiId, code }) => [spApiId, code]));
/** A language with a country, such as `de-AT` or `en_GB`. */
const LOCALE = /^[a-z]{2}[-_]([a-z]{2})$/i;

/**
 * Code of the shop that a cell names: by its host or address, domain ending, country, locale or SP-API marketplace id.
 * Undefined for anything else.
 */
export const shopNamed = (cell: string): string | undefined => {
  const text = trimCell(cell);
  const known = findMarketplace(text)?.code ?? BY_SP_API_ID.get(text.toUpperCase());
  if (known !== undefined) return known;
  const country = LOCALE.exec(text)?.[1];
  if (country !== undefined) return findMarketplace(country)?.code;
  const address = isAddress(text) ? readAddress(text) : undefined;
  return address?.kind === "product" || address?.kind === "other-page" ? address.marketplace : undefined;
};
