import { findMarketplace } from "../../products/marketplaces.ts";

const SCHEME = /^(?:https?:)?\/\//i;
const BARE_HOST = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?=[/:?#]|$)/i;
const OTHER_SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
const PRODUCT_PATH = /\/(?:dp|gp\/product|gp\/aw\/d)\/([^/]*)/i;
const SHORT_HOSTS = /(?:^|\.)(?:amzn\.(?:to|eu|asia|in|com)|a\.co)$/;

/** What an address in an ASIN cell turned out to be. */
export type AmazonAddress =
  /** A product page: `product` is the path segment where the ASIN stands, not yet judged. */
  | { readonly kind: "product"; readonly marketplace: string; readonly product: string }
  /** A page of a shop that names no product. */
  | { readonly kind: "other-page"; readonly marketplace: string }
  /** A short link, whose target only a request would tell. */
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

/**
 * Reads a web address: any letter case, scheme optional, any subdomain of one of the 22 shops. The product is the
 * path segment after `/dp/`, `/gp/product/` or `/gp/aw/d/`; what a query or fragment says is ignored.
 */
export const readAddress = (text: string): AmazonAddress => {
  const rest = text.replace(SCHEME, "");
  const end = rest.search(/[/?#]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const host = authority.replace(/:\d*$/, "").replace(/\.$/, "").toLowerCase();
  const marketplace = OTHER_SCHEME.test(rest) ? undefined : marketplaceOf(host);
  if (!marketplace) {
    return SHORT_HOSTS.test(host) ? { kind: "short-link", host } : { kind: "other-site", host };
  }
  const path = end < 0 ? "" : rest.slice(end).replace(/[?#].*$/s, "");
  const product = PRODUCT_PATH.exec(path)?.[1];
  return product ? { kind: "product", marketplace, product } : { kind: "other-page", marketplace };
};
