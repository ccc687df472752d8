import type { CheerioAPI } from "cheerio/slim";
import type { Specification } from "../../../core/products/product.ts";
import { eachOf, type Nodes, plainText } from "./dom.ts";

/** One line of a page's tables of details. */
export interface DetailRow {
  /** Without its colon. */
  readonly label: string;
  readonly value: string;
}

const ROWS =
  "#productDetails_techSpec_section_1 tr, #productDetails_detailBullets_sections1 tr, #prodDetails tr, #detailBullets_feature_div li";

/** Tables that are specifications and no more: the one above the features. */
const OVERVIEW = "#productOverview_feature_div tr, #poExpander tr";
/** Ratings and ranks are listed among the details, but they are those of shoppers and of the shop. */
const NO_SPECIFICATION =
  "[id*='averageCustomerReviews'], [id*='acrCustomerReview'], [class*='a-icon-star'], [href*='/bestsellers'], [href*='zg_bs'], #SalesRank";

const readRow = (row: Nodes): DetailRow[] => {
  const cells = row.is("tr") ? row.find("th, td") : row.find("span > span");
  const label = plainText(cells.eq(0)).replace(/ ?[:：]$/, "");
  const value = plainText(cells.eq(1));
  return label === "" || value === "" ? [] : [{ label, value }];
};

/** The lines of a page's tables of details that have both label and value. */
export const detailRows = ($: CheerioAPI): DetailRow[] => eachOf($, ROWS).flatMap(readRow);

/** The attributes of the product by the page's own labels; null when it lists none. */
export const readSpecifications = ($: CheerioAPI): Specification[] | null => {
  const rows = eachOf($, `${OVERVIEW}, ${ROWS}`)
    .filter((row) => !row.is(NO_SPECIFICATION) && row.find(`${NO_SPECIFICATION}, tr, table, li`).length === 0)
    .flatMap(readRow)
    // The page says so elsewhere, and more reliably.
    .filter(({ label }) => label.toUpperCase() !== "ASIN");
  return rows.length > 0 ? rows.map(({ label, value }) => ({ name: label, value })) : null;
};
