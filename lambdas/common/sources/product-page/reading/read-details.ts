import type { CheerioAPI } from "cheerio/slim";
import { readCount, readRating } from "../../../core/page-text/number-text.ts";
import type { ProductFields } from "../../../core/products/product.ts";
import { htmlText } from "../../reading/html-text.ts";
import { visibleText } from "./dom.ts";
import { readBrand } from "./read-brand.ts";

const MANUFACTURER =
  /^(?:manufacturer|hersteller|fabricant|fabricante|produtor|produttore|fabrikant|producent|tillverkare|üretici|メーカー|الشركة المصنعة|निर्माता)$/i;
const DETAIL_ROWS =
  "#productDetails_techSpec_section_1 tr, #productDetails_detailBullets_sections1 tr, #prodDetails tr, #detailBullets_feature_div li";

const clean = (text: string): string =>
  text
    .replace(/\p{Cf}/gu, "")
    .replace(/\s+/g, " ")
    .trim();

const manufacturer = ($: CheerioAPI): string | null => {
  for (const row of $(DETAIL_ROWS)) {
    const cells = $(row).is("tr") ? $(row).find("th, td") : $(row).find("span > span");
    const label = clean(cells.eq(0).text()).replace(/\s*[:：]$/, "");
    const value = clean(cells.eq(1).text());
    if (MANUFACTURER.test(label) && value !== "") return value;
  }
  return null;
};

const features = ($: CheerioAPI): string[] | null => {
  const lines = [...$("#feature-bullets li span.a-list-item, #featurebullets_feature_div li span.a-list-item")]
    .map((node) => $(node))
    // The widget that asks for a car or model is part of the same list.
    .filter((node) => node.closest("#replacementPartsFitmentBullet, .aok-hidden").length === 0)
    .map((node) => clean(node.text()))
    .filter((line) => line !== "");
  return lines.length > 0 ? [...new Set(lines)] : null;
};

const categories = ($: CheerioAPI): string[] | null => {
  const names = [...$("#wayfinding-breadcrumbs_feature_div a")]
    .map((node) => $(node))
    // A visitor who came from a search sees a way back to it instead of the category.
    .filter((link) => !/\/s(?:\?|\/|$)/.test(link.attr("href") ?? ""))
    .map((link) => clean(link.text()))
    .filter((name) => name !== "");
  return names.length > 0 ? names : null;
};

const description = ($: CheerioAPI): string | null => {
  const html = $("#productDescription").first().html() || $("#bookDescription_feature_div").first().html() || "";
  const text = htmlText(html);
  // Some sellers' descriptions hold tags as text.
  return text !== null && /<\w+[^>]*>/.test(text) ? htmlText(text) : text;
};

/** Title, brand, texts, rating and reviews; null where the page has none. */
export const readDetails = ($: CheerioAPI): Partial<ProductFields> => {
  const title =
    visibleText($, "#productTitle") ||
    visibleText($, "#ebooksProductTitle") ||
    visibleText($, "#title") ||
    $('meta[property="og:title"]').attr("content")?.trim();
  const stars =
    $("#acrPopover[title]").first().attr("title") ||
    visibleText($, "i[data-hook='average-star-rating']") ||
    visibleText($, "#averageCustomerReviews .a-icon-alt");
  return {
    title: title || null,
    brand: readBrand($),
    manufacturer: manufacturer($),
    features: features($),
    categories: categories($),
    description: description($),
    star_rating: readRating(stars) ?? null,
    customer_review_count: readCount(visibleText($, "#acrCustomerReviewText")) ?? null,
  };
};
