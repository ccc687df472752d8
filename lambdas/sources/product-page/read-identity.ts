import type { CheerioAPI } from "cheerio/slim";
import { isAsin } from "../../core/products/asin.ts";

/** Which product a page says it is. */
export interface PageIdentity {
  /** What the page would put into the cart: the form's ASIN, else the canonical link's. */
  readonly asin: string | null;
  /** ASIN of the canonical link, which may be another member of the family. */
  readonly canonical_asin: string | null;
  readonly parent_asin: string | null;
}

const asinOf = (value: string | undefined): string | null => {
  const asin = value?.trim().toUpperCase() ?? "";
  return isAsin(asin) ? asin : null;
};

/** Reads the page's own ASINs; nulls where it has none. */
export const readIdentity = ($: CheerioAPI, html: string): PageIdentity => {
  const canonical_asin = asinOf(
    /\/(?:dp|gp\/product)\/([A-Z0-9]{10})/i.exec($('link[rel="canonical"]').attr("href") ?? "")?.[1],
  );
  const form = asinOf($("input#ASIN, input[name='ASIN'], input[name='ASIN.0']").first().attr("value"));
  const asin = form ?? canonical_asin;
  const parent = asinOf(/["']?parentAsin["']?\s*[:=]\s*["']([A-Z0-9]{10})["']/.exec(html)?.[1]);
  return { asin, canonical_asin, parent_asin: parent === asin ? null : parent };
};
