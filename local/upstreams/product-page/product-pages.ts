import { MARKETPLACES, type Marketplace } from "../../../lambdas/common/core/products/marketplaces.ts";
import type { SimImage, SimProduct } from "../shared/products/product.ts";
import { languageOf, majorAmount } from "../shared/products/shop-language.ts";
import type { Layout } from "./behaviour.ts";
import { escapeHtml, safeJson } from "./html.ts";
import { countText, priceText, ratingText, textsOf } from "./page-texts.ts";

/** How a page is written. */
export interface PageOptions {
  readonly layout: Layout;
  /** No featured offer: only "see all buying options". */
  readonly noFeaturedOffer: boolean;
  readonly noPrices: boolean;
  readonly foreignCurrency: boolean;
  readonly jsonLd: boolean;
}

const UNSOLD = ["OUT_OF_STOCK", "UNAVAILABLE"];

const title = (product: SimProduct): string =>
  `<div id="titleSection"><h1 id="title"><span id="productTitle" class="a-size-large">
        ${escapeHtml(product.title ?? "")}
      </span></h1></div>`;

const byline = (product: SimProduct, layout: Layout): string => {
  if (product.brand === null) return "";
  const texts = textsOf(product.marketplace);
  const brand = escapeHtml(product.brand);
  const store = escapeHtml(texts.byline(product.brand));
  if (product.kind === "book") {
    return `<div id="bylineInfo"><span class="author"><a href="#">${brand}</a> <span class="contribution">${texts.author}</span></span></div>`;
  }
  return `<a id="bylineInfo" href="/stores/${encodeURIComponent(product.brand)}">${layout === "2018" ? brand : store}</a>`;
};

const reviews = (product: SimProduct, layout: Layout): string => {
  const { rating, reviewCount, marketplace: place } = product;
  if (rating === null || reviewCount === null) return "";
  const texts = textsOf(place);
  const stars = escapeHtml(texts.stars(ratingText(rating, place)));
  const count = countText(reviewCount, place);
  const text = layout === "2026" ? `(${count})` : texts.ratings(count);
  return `<div id="averageCustomerReviews"><span id="acrPopover" title="${stars}"><i class="a-icon a-icon-star"><span class="a-icon-alt">${stars}</span></i></span>
<span id="acrCustomerReviewText">${escapeHtml(text)}</span></div>`;
};

const amount = (text: string, classes: string): string =>
  `<span class="a-price ${classes}"><span class="a-offscreen">${escapeHtml(text)}</span><span aria-hidden="true">${escapeHtml(text)}</span></span>`;

const struck = (text: string): string =>
  `<span class="basisPrice"><span class="a-price a-text-price" data-a-strike="true"><span class="a-offscreen">${escapeHtml(text)}</span></span></span>`;

/** Buying options as JSON: the new one last, after a subscription and a used one that are cheaper. */
const twister = (minor: number, place: Marketplace, layout: Layout): string => {
  const option = (type: string, value: number) => ({
    displayPrice: priceText(value, place, layout),
    priceAmount: majorAmount(value, place),
    currencySymbol: priceText(0, place, layout).replace(/[\d.,\s\u00a0\u202f]/g, ""),
    locale: languageOf(place),
    buyingOptionType: type,
  });
  const options = [
    option("SNS", Math.round(minor * 0.95)),
    option("USED", Math.round(minor * 0.6)),
    option("NEW", minor),
  ];
  return `<div class="a-section aok-hidden twister-plus-buying-options-price-data">${safeJson({ desktop_buybox_group_1: options })}</div>`;
};

const price = (product: SimProduct, minor: number, place: Marketplace, layout: Layout): string => {
  const now = priceText(minor, place, layout);
  const list = product.listPriceMinor === null ? null : priceText(product.listPriceMinor, product.marketplace, layout);
  if (product.kind === "book" && layout !== "2026") {
    return `<div id="tmmSwatches"><ul><li class="swatchElement selected"><span class="a-color-price">${escapeHtml(now)}</span></li></ul></div>
<span id="price">${escapeHtml(now)}</span>`;
  }
  if (layout === "2018") {
    const before =
      list === null ? "" : `<span class="priceBlockStrikePriceString a-text-strike">${escapeHtml(list)}</span>`;
    return `<div id="price">${before}<span id="priceblock_ourprice" class="a-size-medium a-color-price">${escapeHtml(now)}</span></div>
<div id="cerberus-data-metrics" style="display:none" data-asin="${product.asin}" data-asin-price="${majorAmount(minor, place)}" data-asin-currency-code="${place.currency}"></div>`;
  }
  const basis = list === null ? "" : struck(list);
  const core = `<div id="corePriceDisplay_desktop_feature_div">${amount(now, "priceToPay apexPriceToPay")}${basis}</div>`;
  if (layout === "2021") return `<div id="apex_desktop">${core}</div>`;
  const json = twister(minor, place, layout);
  if (layout === "2024") return `<div id="apex_desktop">${core}</div>${json}`;
  return `<div id="apex_desktop">${core}</div>${json}<form id="addToCart" method="post" action="/gp/product/handle-buy-box">
<input type="hidden" name="items[0.base][asin]" value="${product.asin}">
<input type="hidden" name="items[0.base][customerVisiblePrice][amount]" value="${majorAmount(minor, place)}">
<input type="hidden" name="items[0.base][customerVisiblePrice][currencyCode]" value="${place.currency}">
<input type="hidden" name="items[0.base][customerVisiblePrice][displayString]" value="${escapeHtml(now)}"></form>`;
};

const availability = (product: SimProduct, options: PageOptions): string => {
  if (options.noFeaturedOffer) {
    return `<div id="unqualifiedBuyBox"><span id="buybox-see-all-buying-choices"><a href="/gp/offer-listing/${product.asin}">See All Buying Options</a></span></div>`;
  }
  if (!product.availability) return "";
  const { type, message } = product.availability;
  const line = `<div id="availability"><span class="a-size-medium">\n  ${escapeHtml(message)}\n</span></div>`;
  if (UNSOLD.includes(type)) return `<div id="outOfStock">${line}</div>`;
  return `${line}<input id="add-to-cart-button" name="submit.add-to-cart" type="submit" value="Add">
<div id="merchant-info"><a id="sellerProfileTriggerId" href="#">${escapeHtml(product.merchant.name)}</a></div>`;
};

const pictures = (product: SimProduct, layout: Layout): string => {
  const [main] = product.images;
  if (!main) return "";
  const sizes = (image: SimImage): Record<string, [number, number]> => ({
    [image.medium.url]: [160, 160],
    [image.large.url]: [500, 500],
    [image.hiRes.url]: [1500, 1500],
  });
  const id = product.kind === "book" && layout === "2018" ? "imgBlkFront" : "landingImage";
  // Books of the old layout have no data-old-hires.
  const old = id === "landingImage" ? `data-old-hires="${escapeHtml(main.hiRes.url)}"` : "";
  const gallery = product.images.map(({ hiRes, large }) => ({ hiRes: hiRes.url, large: large.url, variant: "MAIN" }));
  return `<div id="imageBlock"><img id="${id}" alt="${escapeHtml(product.title ?? "")}" src="${escapeHtml(main.large.url)}" ${old}
 data-a-dynamic-image="${escapeHtml(JSON.stringify(sizes(main)))}"></div>
<script type="text/javascript">P.when('A').register("ImageBlockATF", function(A){ var data = { 'colorImages': { 'initial': ${safeJson(gallery)} } }; return data; });</script>`;
};

const bullets = (product: SimProduct): string =>
  product.features === null || product.kind === "book"
    ? ""
    : `<div id="feature-bullets"><ul>${product.features.map((text) => `<li><span class="a-list-item"> ${escapeHtml(text)} </span></li>`).join("\n")}</ul></div>`;

/** The tables of details: attributes, and among them what is none. */
const details = (product: SimProduct): string => {
  const rows = { "Item model number": product.model, Color: product.color, Size: product.size, ASIN: product.asin };
  const lines = Object.entries(rows).flatMap(([label, value]) =>
    value === null ? [] : [`<tr><th>${label}</th><td>\u200e${escapeHtml(value)}</td></tr>`],
  );
  return `<div id="prodDetails"><table id="productDetails_techSpec_section_1">${lines.join("\n")}
<tr><th>Best Sellers Rank</th><td><span>#${product.salesRank} in <a href="/gp/bestsellers/all">All</a></span></td></tr></table></div>`;
};

const breadcrumbs = (product: SimProduct): string =>
  `<div id="wayfinding-breadcrumbs_feature_div"><ul>${(product.categories ?? [])
    .map(({ id, name }) => `<li><a class="a-link-normal" href="/b?node=${id}">\n${escapeHtml(name)}\n</a></li>`)
    .join("<li>›</li>")}</ul></div>`;

/** What misleads naive readers on real pages: foreign prices before the right one, the word captcha, review bars. */
const decoys = (place: Marketplace, layout: Layout): string =>
  `<div id="rhf-carousel">${[129, 4999, 89_900].map((minor) => amount(priceText(minor, place, layout), "a-text-normal")).join("")}</div>
<script>var metrics = {"captchaEnabled": false, "csm": "captcha-metrics"};</script>
<table id="histogramTable"><tr><td><span class="a-offscreen"> </span></td></tr></table>`;

const jsonLd = (product: SimProduct): string =>
  `<script type="application/ld+json">${safeJson({
    "@context": "https://schema.org",
    "@type": "Product",
    sku: product.asin,
    name: product.title,
    ...(product.priceMinor === null
      ? {}
      : {
          offers: {
            "@type": "Offer",
            price: String(majorAmount(product.priceMinor, product.marketplace)),
            priceCurrency: product.marketplace.currency,
          },
        }),
  })}</script>`;

/** Fills the page to the size of a real one, so that a size check is put to the test. */
const filler = (asin: string): string => `<script>/* ${`metrics of ${asin} `.repeat(7000)} */</script>`;

/** Writes the page of a product in the shop's language and numbers. */
export const productPage = (product: SimProduct, options: PageOptions): string => {
  const { layout } = options;
  const place = product.marketplace;
  const seenFrom = options.foreignCurrency ? (MARKETPLACES.find((one) => one.country === "IN") ?? place) : place;
  const minor = options.noPrices || options.noFeaturedOffer ? null : product.priceMinor;
  const canonical = `https://${place.code}/dp/${product.asin}`;
  const heading = escapeHtml(`${product.title ?? ""} : ${place.code.slice(4)}`);
  return `<!doctype html>
<html lang="${languageOf(place).toLowerCase()}"><head><meta charset="utf-8"><title>${heading}</title>
<link rel="canonical" href="${canonical}">${options.jsonLd ? jsonLd(product) : ""}</head>
<body class="a-m-local layout-${layout}">
<div id="nav-top">${breadcrumbs(product)}</div>
${decoys(place, layout)}
<div id="dp-container"><input type="hidden" id="ASIN" name="ASIN" value="${product.asin}">
<div id="leftCol">${pictures(product, layout)}</div>
<div id="centerCol">${title(product)}${byline(product, layout)}${reviews(product, layout)}${minor === null ? "" : price(product, minor, seenFrom, layout)}${bullets(product)}</div>
<div id="detailCol">${details(product)}</div>
<div id="rightCol"><div id="buybox">${availability(product, options)}</div></div></div>
${filler(product.asin)}
</body></html>
`;
};
