import type { CheerioAPI } from "cheerio/slim";
import { eachOf, type Nodes, seenText } from "../dom.ts";
import { offerKindOf } from "./offer-kind.ts";
import { OFFER_BLOCKS, type PriceCandidate, pricesIn } from "./price-candidates.ts";

/** One offer among several of a block. */
const ROW = "[id*='AccordionRow']";
const STRUCK = '.basisPrice .a-offscreen, .a-price.a-text-price[data-a-strike="true"] .a-offscreen';

/** Layouts before 2021. */
const OLD_PLACES = [
  ".priceBlockStrikePriceString",
  "#price .a-text-strike",
  "#listPriceSection .a-text-strike",
  "#buyNewSection .a-text-strike",
  "#newOfferAccordionRow .a-text-strike",
  "#mediaTab_content_landing .a-text-strike",
  "#buyBoxInner .a-text-strike",
] as const;

const isNew = (node: Nodes): boolean => offerKindOf(node) === "new";

/**
 * Texts of the prices that are struck through beside the price that was read, the nearest first. A struck price of
 * another offer, such as a subscription or another seller's row, is none of them.
 * @param isCurrent whether a price's text is the price that was read
 */
export const struckPrices = (
  $: CheerioAPI,
  current: PriceCandidate,
  isCurrent: (text: string) => boolean,
): string[] => {
  const belongs = (node: Nodes, block: Nodes): boolean => {
    const row = node.closest(ROW);
    const [own] = pricesIn($, row.length > 0 ? row : block);
    return own === undefined ? !current.decisive : isCurrent(own);
  };
  const beside = OFFER_BLOCKS.flatMap((selector) =>
    eachOf($, selector).flatMap((block) =>
      [...block.find(STRUCK)].map((node) => $(node)).filter((node) => isNew(node) && belongs(node, block)),
    ),
  );
  const isDisplayed = OFFER_BLOCKS.some((block) => block === current.from);
  const older = isDisplayed ? [] : OLD_PLACES.flatMap((place) => eachOf($, place).filter(isNew).slice(0, 1));
  return [...beside, ...older].map((node) => seenText(node)).filter((text) => text !== "");
};
