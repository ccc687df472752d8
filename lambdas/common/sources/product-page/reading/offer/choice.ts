import type { CheerioAPI } from "cheerio/slim";
import { foldSpelling, phrasePattern } from "../../../../core/page-text/phrase-pattern.ts";
import { eachOf, seenText } from "../dom.ts";

/** The buy box of a page on which no size or colour is chosen yet, and lists in which nothing is chosen. */
const UNCHOSEN = [
  "#partialStateBuybox",
  ".unselectedDims",
  "select[name^='dropdown_selected'] option[selected][value='-1']",
].join(", ");
/** Where a shop asks for the choice in words. */
const ASKED = "#availability, #buybox .a-alert-content, #buybox_feature_div .a-alert-content, #twisterAvailability";
const CHOOSE = phrasePattern("choose");

/**
 * Whether a size, colour or style must be chosen before the page has an offer. Until then it may show a price, a range
 * or a button, and none of them is of the product.
 */
export const mustChoose = ($: CheerioAPI): boolean =>
  $(UNCHOSEN).length > 0 || eachOf($, ASKED).some((place) => CHOOSE.test(foldSpelling(seenText(place))));
