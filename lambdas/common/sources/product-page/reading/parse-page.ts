import { load } from "cheerio/slim";
import { findMarketplace } from "../../../core/products/marketplaces.ts";
import type { ProductFields } from "../../../core/products/product.ts";
import { type PageKind, pageKind } from "./page-kind.ts";
import { readAvailability } from "./read-availability.ts";
import { readDetails } from "./read-details.ts";
import { type PageIdentity, readIdentity } from "./read-identity.ts";
import { readImages } from "./read-images.ts";
import { readJsonLd } from "./read-json-ld.ts";
import { readPrices } from "./read-price.ts";

/** What is known about a page before it is read. */
export interface PageRequest {
  /** Requested ASIN; null when unknown, as for a file from disk. */
  readonly asin: string | null;
  /** Shop host, such as `www.amazon.de`. */
  readonly marketplace: string;
}

/** The kind of a page and what it says. `fields` is empty for everything but a product. */
export interface ParsedPage extends PageIdentity {
  readonly kind: PageKind;
  /** True when the page shows another product than the requested one: it must not be stored under that one. */
  readonly redirected: boolean;
  readonly fields: Partial<ProductFields>;
  /** Where the current price was found; null without one. */
  readonly priceFrom: string | null;
  /** What was found and left out, as text. */
  readonly notes: readonly string[];
}

const fillOpen = (fields: Partial<ProductFields>, others: Partial<ProductFields>): Partial<ProductFields> => ({
  ...others,
  ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)),
});

/**
 * Reads a product page of any layout since 2018 in any of the 22 shops.
 * @throws RangeError for a shop that does not exist
 */
export const parsePage = (html: string, request: PageRequest): ParsedPage => {
  const place = findMarketplace(request.marketplace);
  if (!place) throw new RangeError(`unknown marketplace ${request.marketplace}`);
  const $ = load(html);
  const kind = pageKind($, html);
  if (kind !== "product") {
    const nothing = { asin: null, canonicalAsin: null, parentAsin: null };
    return { kind, ...nothing, redirected: false, fields: {}, priceFrom: null, notes: [] };
  }
  const identity = readIdentity($, html);
  const prices = readPrices($, place);
  const notes = [...prices.notes];
  if (identity.canonicalAsin !== null && identity.canonicalAsin !== identity.asin) {
    notes.push(`the canonical link names ${identity.canonicalAsin}, another member of the family`);
  }
  const own: Partial<ProductFields> = {
    ...readDetails($),
    ...readImages($, html),
    ...readAvailability($),
    ...prices.fields,
    parent_asin: identity.parentAsin,
    detail_page_url: identity.asin === null ? null : `https://${place.code}/dp/${identity.asin}`,
  };
  const structured = readJsonLd($, place);
  // A page priced for another country, or featuring a used item, has no price that counts, whatever its data says.
  const fields = fillOpen(
    own,
    prices.notes.length > 0 ? { ...structured, current_price: null, currency: null } : structured,
  );
  return {
    kind,
    ...identity,
    redirected: request.asin !== null && identity.asin !== null && identity.asin !== request.asin,
    fields,
    priceFrom: prices.from,
    notes,
  };
};
