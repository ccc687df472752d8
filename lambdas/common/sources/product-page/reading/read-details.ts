import type { CheerioAPI } from "cheerio/slim";
import { readCount, readRating } from "../../../core/page-text/number-text.ts";
import { foldSpelling, phrasePattern } from "../../../core/page-text/phrase-pattern.ts";
import { textStart } from "../../../core/page-text/text-start.ts";
import type { ProductFields } from "../../../core/products/product.ts";
import { htmlText } from "../../reading/html-text.ts";
import { detailRows, readSpecifications } from "./detail-rows.ts";
import { eachOf, type Nodes, plainText, seenText, visibleText } from "./dom.ts";
import { readBrand } from "./read-brand.ts";

const MANUFACTURER = phrasePattern("manufacturer", { around: (phrases) => `^${phrases}$` });
const BACK = phrasePattern("back");

/** Lists of features by layout: general, clothing and shoes, and the general one of small screens. */
const FEATURE_LISTS = [
  "#feature-bullets, #featurebullets_feature_div",
  "#productFactsDesktopExpander, [id^='productFacts']",
  "[id*='feature-bullets' i], [id*='featureBullets' i]",
] as const;
/** The widget that asks for a car or model is part of the same list. */
const NO_FEATURE = "#replacementPartsFitmentBullet, .aok-hidden";

const features = ($: CheerioAPI): string[] | null => {
  for (const list of FEATURE_LISTS) {
    const lines = eachOf($, list)
      .flatMap((node) => [...node.find("li")].map((line) => $(line)))
      .filter((line) => line.closest(NO_FEATURE).length === 0 && line.find("li").length === 0)
      .map((line) => plainText(line))
      .filter((line) => line !== "");
    if (lines.length > 0) return [...new Set(lines)];
  }
  return null;
};

/** A visitor who came from a search sees a way back to it instead of the category. */
const isWayBack = (href: string, action: string, text: string): boolean =>
  /\/s(?:[?/]|$)/.test(href) || action.includes("history.") || BACK.test(foldSpelling(text));

const categories = ($: CheerioAPI): string[] | null => {
  const names = eachOf($, "#wayfinding-breadcrumbs_feature_div a")
    .filter(
      (link) =>
        !link.is("#breadcrumb-back-link") &&
        !isWayBack(link.attr("href") ?? "", link.attr("onclick") ?? "", seenText(link)),
    )
    .map((link) => plainText(link))
    .filter((name) => name !== "");
  return names.length > 0 ? names : null;
};

const description = ($: CheerioAPI): string | null => {
  const html = $("#productDescription").first().html() || $("#bookDescription_feature_div").first().html() || "";
  const text = htmlText(html);
  // Some sellers' descriptions hold tags as text.
  return text !== null && /<\w[^<>]{0,200}>/.test(text) ? htmlText(text) : text;
};

/** Where a page shows the ratings of its own product. Carousels and comparisons show those of others. */
const RATINGS = "#averageCustomerReviews, #averageCustomerReviews_feature_div, #acrCustomerReviews";

const ratings = ($: CheerioAPI): Pick<ProductFields, "star_rating" | "customer_review_count"> => {
  const own = $(RATINGS);
  const inside = (selector: string): Nodes => (own.length > 0 ? own.find(selector) : $(selector));
  const stars =
    inside("#acrPopover[title]").first().attr("title") ||
    seenText(inside(".a-icon-alt")) ||
    visibleText($, "i[data-hook='average-star-rating']");
  const rating = readRating(textStart(stars));
  const count = readCount(textStart(seenText(inside("#acrCustomerReviewText"))));
  return {
    // Nobody can give less than one star: 0 is what a page without ratings shows.
    star_rating: rating !== undefined && rating >= 1 ? rating : null,
    customer_review_count: count ?? null,
  };
};

/** Title, brand, texts, rating and reviews; null where the page has none. */
export const readDetails = ($: CheerioAPI): Partial<ProductFields> => {
  const title =
    visibleText($, "#productTitle") ||
    visibleText($, "#ebooksProductTitle") ||
    visibleText($, "#title") ||
    $('meta[property="og:title"]').attr("content")?.trim();
  return {
    title: title || null,
    brand: readBrand($),
    manufacturer: detailRows($).find(({ label }) => MANUFACTURER.test(foldSpelling(label)))?.value ?? null,
    features: features($),
    specifications: readSpecifications($),
    categories: categories($),
    description: description($),
    ...ratings($),
  };
};
