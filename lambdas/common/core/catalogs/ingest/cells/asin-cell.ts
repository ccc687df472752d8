import { ASIN_IN_ANY_CASE } from "../../../products/asin.ts";
import { isAddress, readAddress } from "./amazon-address.ts";
import { trimCell, unwrapFormula } from "./cell-text.ts";
import { explainBadAsin } from "./explain-bad-asin.ts";
import { isbnOfNumber } from "./isbn.ts";
import { listAsins } from "./name-asins.ts";

/** What the cell that should name the product says. */
export type AsinCell =
  | {
      readonly ok: true;
      readonly asin: string;
      /** Shop of the address; undefined when the cell held a plain ASIN. */
      readonly marketplace: string | undefined;
      /** Whether leading zeros were put back, or the `.0` that a column of numbers got was taken off. */
      readonly repaired: boolean;
    }
  | { readonly ok: false; readonly reason: string };

const refuse = (reason: string): AsinCell => ({ ok: false, reason });

const readProductAddress = (text: string): AsinCell => {
  const address = readAddress(text);
  switch (address.kind) {
    case "short-link":
      return refuse(`is a short link (${address.host}), which hides the product: open it and copy the full address`);
    case "other-site":
      return refuse(
        `is not an address of an Amazon shop that is served: give the ASIN or the product's Amazon address`,
      );
    case "other-page":
      return refuse(
        "is an Amazon address without an ASIN: use the product page's address, with /dp/ and the ASIN in it",
      );
    case "several":
      return refuse(
        `holds the addresses of ${address.asins.length} products with nothing between them (${listAsins(address.asins)}): put a comma between them, or each in a row of its own`,
      );
    case "product": {
      if (ASIN_IN_ANY_CASE.test(address.product)) {
        const asin = address.product.toUpperCase();
        return { ok: true, asin, marketplace: address.marketplace, repaired: false };
      }
      return refuse(
        `is an Amazon address, but its product part "${cut(address.product)}" ${explainBadAsin(address.product)}`,
      );
    }
  }
};

const cut = (text: string): string => (text.length > 20 ? `${text.slice(0, 20).toWellFormed()}…` : text);

/**
 * Reads a cell that names one product: white space and invisible characters around it are dropped, letter case does not
 * matter, `="…"` counts as what is in it, and an address of a product page as its ASIN and shop.
 * @param repairLeadingZeros whether an ISBN that a spreadsheet took for a number is accepted: its zeros are put back, and
 * a `.0` behind it is taken off
 */
export const readAsinCell = (cell: string, repairLeadingZeros: boolean): AsinCell => {
  let text = trimCell(cell);
  if (text.startsWith("=")) text = trimCell(unwrapFormula(text));
  if (ASIN_IN_ANY_CASE.test(text))
    return { ok: true, asin: text.toUpperCase(), marketplace: undefined, repaired: false };
  if (isAddress(text)) return readProductAddress(text);
  const restored = repairLeadingZeros ? isbnOfNumber(text) : undefined;
  if (restored) return { ok: true, asin: restored, marketplace: undefined, repaired: true };
  return refuse(explainBadAsin(text));
};
