import { ASIN_CHARACTERS, ASIN_IN_ANY_CASE } from "../../../products/asin.ts";
import { findMarketplace } from "../../../products/marketplaces.ts";
import { trimCell } from "./cell-text.ts";

const SCHEME = /^(?:https?:)?\/\//i;
/** A host name: at most eight labels of at most 63 characters, as the DNS has them. */
const BARE_HOST = /^(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,63}(?=[/:?#]|$)/i;
const OTHER_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
/** What comes before the product in a path: names of pages, old and new, that an ASIN follows. */
const PRODUCT_PAGE =
  /\/(?:dp|d|gp\/(?:product|offer-listing|aw\/(?:d|ol))|o\/asin|exec\/obidos\/(?:asin|tg\/detail\/-)|product-reviews|ask\/questions\/asin|(?:gp\/)?video\/detail)\//i;
/** Each place in a text where a product's page has its ASIN. */
const EACH_PAGE = new RegExp(`(?:${PRODUCT_PAGE.source}|amzn\\.com/)`, "gi");
const SHORT_HOSTS = /(?:^|\.)(?:amzn\.(?:to|eu|asia|in|com)|a\.co)$/;
/** The one short host whose path is the ASIN itself; it belongs to the US shop. */
const ASIN_HOST = /^(?:www\.)?amzn\.com$/;
const US = "www.amazon.com";
/** Addresses inside addresses that are followed. */
const MAX_DEPTH = 3;

/** What an address in an ASIN cell turned out to be. */
export type AmazonAddress =
  /** A product page: `product` is the path segment where the ASIN is, not yet judged. */
  | { readonly kind: "product"; readonly marketplace: string; readonly product: string }
  /** Addresses of several products with nothing between them. */
  | { readonly kind: "several"; readonly asins: readonly string[] }
  /** A page of a shop that names no product. */
  | { readonly kind: "other-page"; readonly marketplace: string }
  /** A short link, whose target only a request would show. */
  | { readonly kind: "short-link"; readonly host: string }
  /** Not a shop that Enrichline serves. */
  | { readonly kind: "other-site"; readonly host: string };

const marketplaceOf = (host: string): string | undefined => {
  const at = host.lastIndexOf("amazon.");
  if (at < 0 || (at > 0 && host[at - 1] !== ".")) return undefined;
  return findMarketplace(host.slice(at))?.code;
};

/** Says whether `text`, already trimmed, is written as a web address (a scheme may be missing). */
export const isAddress = (text: string): boolean =>
  SCHEME.test(text) || OTHER_SCHEME.test(text) || BARE_HOST.test(text);

const decoded = (text: string): string => {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // Not an encoding of anything: the text is what it is.
    return text;
  }
};

/** A segment as it was meant: decoded, without what a query would bring, and without invisible characters around it. */
const segmentText = (segment: string): string => trimCell(decoded(segment).replace(/[?#&+].*$/s, ""));

/** The first segment behind the name of a product page that can be an ASIN; without one, the first segment. */
const productIn = (path: string): string | undefined => {
  const page = PRODUCT_PAGE.exec(path);
  if (!page) return undefined;
  const segments = path
    .slice(page.index + page[0].length)
    .split("/")
    .map(segmentText);
  return segments.find((segment) => ASIN_IN_ANY_CASE.test(segment)) ?? segments[0];
};

/** ASINs right behind the names of product pages in a text, each once. */
export const productsIn = (place: string): string[] => [
  ...new Set(
    [...place.matchAll(EACH_PAGE)].flatMap((page) => {
      const start = page.index + page[0].length;
      const asin = place.slice(start, start + ASIN_CHARACTERS).toUpperCase();
      return ASIN_IN_ANY_CASE.test(asin) ? [asin] : [];
    }),
  ),
];

/** The product behind an address that a redirect carries in its query, as sponsored links do. */
const redirected = (query: string, marketplace: string | undefined, depth: number): AmazonAddress | undefined => {
  const carried = /[?&]url=([^&#]*)/i.exec(query)?.[1];
  if (!carried || depth >= MAX_DEPTH) return undefined;
  const target = decoded(carried);
  if (target.startsWith("/") && !target.startsWith("//")) {
    return marketplace ? read(`${marketplace}${target}`, depth + 1) : undefined;
  }
  return isAddress(target) ? read(target, depth + 1) : undefined;
};

const read = (text: string, depth: number): AmazonAddress => {
  const rest = text.replace(SCHEME, "");
  const end = rest.search(/[/?#]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const host = authority.replace(/:\d*$/, "").replace(/\.$/, "").toLowerCase();
  const path = end < 0 ? "" : rest.slice(end).replace(/[?#].*$/s, "");
  const asins = productsIn(host + path);
  if (asins.length > 1 && (marketplaceOf(host) !== undefined || ASIN_HOST.test(host)))
    return { kind: "several", asins };
  if (ASIN_HOST.test(host)) {
    const product =
      productIn(path) ??
      path
        .split("/")
        .map(segmentText)
        .find((part) => ASIN_IN_ANY_CASE.test(part));
    return product ? { kind: "product", marketplace: US, product } : { kind: "short-link", host };
  }
  const marketplace = OTHER_SCHEME.test(rest) ? undefined : marketplaceOf(host);
  const product = marketplace ? productIn(path) : undefined;
  if (marketplace && product) return { kind: "product", marketplace, product };
  const target = end < 0 ? undefined : redirected(rest.slice(end + path.length), marketplace, depth);
  if (target?.kind === "product") return target;
  if (marketplace) return { kind: "other-page", marketplace };
  return SHORT_HOSTS.test(host) ? { kind: "short-link", host } : { kind: "other-site", host };
};

/**
 * Reads a web address: any letter case, scheme optional, any subdomain of one of the 22 shops. The product is the first
 * path segment behind the name of a product page (`/dp/`, `/gp/product/`, `/d/…/`, `/exec/obidos/ASIN/` and others) that
 * can be an ASIN. What a query or fragment says is ignored, unless it carries the product's address in `url`.
 */
export const readAddress = (text: string): AmazonAddress => read(text, 0);
