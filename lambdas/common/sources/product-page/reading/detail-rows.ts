import type { CheerioAPI } from "cheerio/slim";
import { eachOf, plainText } from "./dom.ts";

/** One line of a page's tables of details. */
export interface DetailRow {
  /** Without its colon. */
  readonly label: string;
  readonly value: string;
}

const ROWS =
  "#productDetails_techSpec_section_1 tr, #productDetails_detailBullets_sections1 tr, #prodDetails tr, #detailBullets_feature_div li";

/** The lines of a page's tables of details that have both label and value. */
export const detailRows = ($: CheerioAPI): DetailRow[] =>
  eachOf($, ROWS).flatMap((row) => {
    const cells = row.is("tr") ? row.find("th, td") : row.find("span > span");
    const label = plainText(cells.eq(0)).replace(/ ?[:：]$/, "");
    const value = plainText(cells.eq(1));
    return label === "" || value === "" ? [] : [{ label, value }];
  });
