import type { CheerioAPI } from "cheerio/slim";
import { isAsin } from "../../../core/products/asin.ts";

/** Which product a page says it is. */
export interface PageIdentity {
  /** What the page would put into the cart: the form's ASIN, else the canonical link's. */
  readonly asin: string | null;
  /** ASIN of the canonical link, which may be another member of the family. */
  readonly canonicalAsin: string | null;
  readonly parentAsin: string | null;
}

const asinOf = (value: string | undefined): string | null => {
  const asin = value?.trim().toUpperCase() ?? "";
  return isAsin(asin) ? asin : null;
};

/** Reads the page's own ASINs; nulls where it has none. */
export const readIdentity = ($: CheerioAPI, html: string): PageIdentity => {
  const canonicalAsin = asinOf(
    /\/(?:dp|gp\/product)\/([A-Z0-9]{10})/i.exec($('link[rel="canonical"]').attr("href") ?? "")?.[1],
  );
  const form = asinOf($("input#ASIN, input[name='ASIN'], input[name='ASIN.0']").first().attr("value"));
  const asin = form ?? canonicalAsin;
  const parent = asinOf(/["']?parentAsin["']?\s*[:=]\s*["']([A-Z0-9]{10})["']/.exec(html)?.[1]);
  return { asin, canonicalAsin, parentAsin: parent === asin ? null : parent };
};
