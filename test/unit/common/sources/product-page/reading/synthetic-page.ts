import {
  type ParsedPage,
  parsePage,
} from "../../../../../../lambdas/common/sources/product-page/reading/parse-page.ts";

/** ASIN of the made-up pages. */
export const PAGE_ASIN = "B000000001";

/** Reads a made-up product page with a cart form, in any shop. */
export const readPage = (body: string, marketplace = "www.amazon.com", title = "A product"): ParsedPage =>
  parsePage(
    `<html><body><span id="productTitle">${title}</span><input id="ASIN" value="${PAGE_ASIN}">${body}</body></html>`,
    { asin: PAGE_ASIN, marketplace },
  );

/** Made-up price block of the layouts since 2021. */
export const priceBlock = (price: string, inside = "", id = "corePriceDisplay_desktop_feature_div"): string =>
  `<div id="${id}"><span class="a-price priceToPay"><span class="a-offscreen">${price}</span></span>${inside}</div>`;

/** Made-up struck price beside another. */
export const struck = (price: string): string =>
  `<span class="basisPrice"><span class="a-price a-text-price" data-a-strike="true"><span class="a-offscreen">${price}</span></span></span>`;
