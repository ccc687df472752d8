import { type CheerioAPI, load } from "cheerio/slim";
import { findMarketplace, type Marketplace } from "../../../core/products/marketplaces.ts";
import { AVAILABILITY_FIELDS, OFFER_FIELDS } from "../../../core/products/merge.ts";
import type { ProductField, ProductFields } from "../../../core/products/product.ts";
import { finishFields } from "../../reading/finish-fields.ts";
import { mustChoose } from "./offer/choice.ts";
import { isRefurbishedTitle, offeredKinds } from "./offer/offer-kind.ts";
import { readAvailability } from "./offer/read-availability.ts";
import { readPrices } from "./offer/read-price.ts";
import { type PageKind, pageKind } from "./page-kind.ts";
import { readDetails } from "./read-details.ts";
import { type PageIdentity, readIdentity } from "./read-identity.ts";
import { readImages } from "./read-images.ts";
import { readJsonLd } from "./read-json-ld.ts";

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

/** The fields that have a value. */
const given = (fields: Partial<ProductFields>): Partial<ProductFields> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));

const REFURBISHED = "only refurbished offers are featured, which are no price of a new item";

/** Why the page's offers are none of a new item that can be bought as it is; null when they may be one. */
const whyNoOffer = ($: CheerioAPI, title: string | null | undefined): string | null => {
  if (mustChoose($)) return "a size or colour must be chosen before there is an offer";
  const kinds = offeredKinds($);
  if (kinds.has("new")) return isRefurbishedTitle(title ?? "") ? REFURBISHED : null;
  if (kinds.has("refurbished") || isRefurbishedTitle(title ?? "")) return REFURBISHED;
  return kinds.has("used") ? "only a used offer is featured, which is no price of a new item" : null;
};
/** The page's offer of a new item. */
interface PageOffer {
  readonly fields: Partial<ProductFields>;
  readonly from: string | null;
  readonly notes: readonly string[];
  /** Fields of which the page has no value that counts, whatever its structured data says. */
  readonly closed: readonly ProductField[];
}

const readOffer = ($: CheerioAPI, place: Marketplace, title: string | null | undefined): PageOffer => {
  const closed = [...OFFER_FIELDS, ...AVAILABILITY_FIELDS];
  const reason = whyNoOffer($, title);
  if (reason !== null) return { fields: {}, from: null, notes: [reason], closed };
  const { fields, from, range, notes } = readPrices($, place);
  // A range stands for several offers, so the availability beside it is of none in particular.
  if (range) return { fields, from, notes, closed };
  return { fields: { ...readAvailability($), ...fields }, from, notes, closed: notes.length > 0 ? OFFER_FIELDS : [] };
};

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
  const identity = readIdentity($, html, request.asin);
  const details = readDetails($);
  const offer = readOffer($, place, details.title);
  const notes = [...offer.notes];
  if (identity.canonicalAsin !== null && identity.canonicalAsin !== identity.asin) {
    notes.push(`the canonical link names ${identity.canonicalAsin}, another member of the family`);
  }
  const own: Partial<ProductFields> = {
    ...details,
    ...readImages($, html),
    ...offer.fields,
    parent_asin: identity.parentAsin,
    detail_page_url: identity.asin === null ? null : `https://${place.code}/dp/${identity.asin}`,
  };
  const structured = readJsonLd($, place);
  for (const field of offer.closed) delete structured[field];
  const fields = given(finishFields({ ...structured, ...given(own) }));
  return {
    kind,
    ...identity,
    redirected: request.asin !== null && identity.asin !== null && identity.asin !== request.asin,
    fields,
    priceFrom: offer.from,
    notes,
  };
};
