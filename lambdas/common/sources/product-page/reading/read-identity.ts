import type { CheerioAPI } from "cheerio/slim";
import { isAsin } from "../../../core/products/asin.ts";
import { eachOf } from "./dom.ts";

/** Which product a page says it is. */
export interface PageIdentity {
  /** The product that the page shows; null when it does not say. */
  readonly asin: string | null;
  /** ASIN of the canonical link, which may be another member of the family. */
  readonly canonicalAsin: string | null;
  readonly parentAsin: string | null;
}

const asinOf = (value: string | undefined): string | null => {
  const asin = value?.trim().toUpperCase() ?? "";
  return isAsin(asin) ? asin : null;
};

/** Forms that put the page's own product into the cart or buy it. Widgets have forms of their own. */
const CART_FORMS = ["#addToCart", "#buyOneClick"];
const FIELDS = ["input[name='ASIN']", "input[name='ASIN.0']", "input[name='items[0.base][asin]']"];
const CART = CART_FORMS.flatMap((form) => FIELDS.map((field) => `${form} ${field}`)).join(", ");

/** What the page's own script calls the product that is shown, or the family. */
const nameIn = (html: string, name: string): string | null =>
  asinOf(new RegExp(`["']?${name}["']?\\s{0,9}[:=]\\s{0,9}["']([A-Z0-9]{10})["']`).exec(html)?.[1]);

/**
 * Reads the page's own ASINs; nulls where it has none. The product is what the cart's form holds, else what the page
 * itself is about; never what a widget holds, such as the list of variations. Until a size is chosen the form holds the
 * family, which nobody can buy: then the product is the variation that the page was opened for.
 * @param requested the ASIN that the page was asked for; of the page's own names it is preferred
 */
export const readIdentity = ($: CheerioAPI, html: string, requested: string | null = null): PageIdentity => {
  const canonicalAsin = asinOf(
    /\/(?:dp|gp\/product)\/([A-Z0-9]{10})/i.exec($('link[rel="canonical"]').first().attr("href") ?? "")?.[1],
  );
  const parent = nameIn(html, "parentAsin");
  const carts = eachOf($, CART).flatMap((field) => asinOf(field.attr("value")) ?? []);
  const cart = carts.find((asin) => asin !== parent) ?? null;
  const shown = nameIn(html, "currentAsin") ?? nameIn(html, "landingAsin") ?? nameIn(html, "mediaAsin");
  const titled = asinOf($("#averageCustomerReviews").first().attr("data-asin"));
  const loose = eachOf($, "input#ASIN, input[name='ASIN']").find((field) => field.closest("form").length === 0);
  const field = asinOf(loose?.attr("value"));
  const own = [cart, cart === null ? shown : null, carts[0] ?? null, field, titled].filter((asin) => asin !== null);
  const asin = own.find((name) => name === requested) ?? own[0] ?? canonicalAsin;
  return { asin, canonicalAsin, parentAsin: parent === asin ? null : parent };
};
