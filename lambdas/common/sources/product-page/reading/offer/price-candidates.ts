import type { CheerioAPI } from "cheerio/slim";
import * as z from "zod";
import { parseJson } from "../../../../core/parse-json.ts";
import { text } from "../../../reading/lenient-leaves.ts";
import { eachOf, type Nodes, seenText } from "../dom.ts";
import { offerKindOf } from "./offer-kind.ts";

/** A price that the page shows for a new item bought once, as text, and the place it was taken from. */
export interface PriceCandidate {
  readonly text: string;
  readonly from: string;
  /** Whether it is the offer's own price, so that a range there means that no offer is chosen. */
  readonly decisive: boolean;
}

/** Blocks of the featured offer, 2021 to 2026. The first price of the whole page is often a carousel's. */
export const OFFER_BLOCKS = [
  "#corePriceDisplay_desktop_feature_div",
  "#corePriceDisplay_mobile_feature_div",
  "#corePrice_feature_div",
  "#corePrice_desktop",
  "#corePrice_mobile_feature_div",
  "#apex_desktop",
] as const;

const TO_PAY = ".priceToPay, .apexPriceToPay, .apex-pricetopay-value";
const SHOWN = ".a-price:not(.a-text-price):not([data-a-strike]), .a-price.header-price:not([data-a-strike])";

const isNew = (node: Nodes): boolean => offerKindOf(node) === "new";

/** Text of an `.a-price`: the screen reader's, or joined from its parts where that text is blank. */
const priceText = (price: Nodes): string => {
  const spoken = seenText(price.find(".a-offscreen"));
  if (spoken !== "") return spoken;
  const part = (name: string): string => seenText(price.find(name));
  return `${part(".a-price-symbol")}${part(".a-price-whole")}${part(".a-price-fraction")}`;
};

/** Texts of the prices that a new item costs within a part of a page, the one to pay first. */
export const pricesIn = ($: CheerioAPI, part: Nodes): string[] =>
  [...part.find(TO_PAY), ...part.find(SHOWN)]
    .map((node) => $(node))
    .filter(isNew)
    .map((price) => {
      const ends = [...price.closest(".a-price-range").find(".a-price")].map((end) => priceText($(end)));
      return ends.length > 0 ? `${ends[0]} - ${ends.at(-1)}` : priceText(price);
    })
    .filter((text) => text !== "");

const displayed = ($: CheerioAPI): PriceCandidate[] =>
  OFFER_BLOCKS.flatMap((block) =>
    eachOf($, block).flatMap((inside) => pricesIn($, inside).map((text) => ({ text, from: block, decisive: true }))),
  );

const form = ($: CheerioAPI): PriceCandidate[] =>
  eachOf($, `input[name="items[0.base][customerVisiblePrice][amount]"]`)
    .filter(isNew)
    .slice(0, 1)
    .flatMap((field) => {
      const currencyField = 'input[name="items[0.base][customerVisiblePrice][currencyCode]"]';
      const beside = field.closest("form").find(currencyField);
      const currency = (beside.length > 0 ? beside : $(currencyField)).first().attr("value")?.trim() ?? "";
      const amount = field.attr("value")?.trim() ?? "";
      return amount && currency ? [{ text: `${currency} ${amount}`, from: "cart form", decisive: false }] : [];
    });

const BuyingOptionSchema = z.looseObject({ displayPrice: z.string(), buyingOptionType: text });

const twister = ($: CheerioAPI): PriceCandidate[] => {
  const json = parseJson($(".twister-plus-buying-options-price-data").first().text());
  const lists = Array.isArray(json) ? [json] : typeof json === "object" && json !== null ? Object.values(json) : [];
  return lists
    .flat()
    .flatMap((entry) => BuyingOptionSchema.safeParse(entry).data ?? [])
    .filter((option) => (option.buyingOptionType ?? "NEW") === "NEW")
    .map((option) => ({ text: option.displayPrice, from: "twister data", decisive: false }));
};

/** Layouts before 2021, then books and Kindle; the most specific first. */
const OLD_PLACES: readonly (readonly [place: string, decisive: boolean])[] = [
  ["#priceblock_dealprice", true],
  ["#priceblock_saleprice", true],
  ["#priceblock_ourprice", true],
  ["#price_inside_buybox", true],
  ["#newBuyBoxPrice", true],
  ["#buyNewSection .offer-price", true],
  ["#newOfferAccordionRow .header-price", true],
  ["#mediaTab_content_landing .header-price", true],
  [".offer-price", false],
  ["#kindle-price", true],
  ["#tmmSwatches .selected .a-color-price", false],
];
/** Formats of a book, of which none is marked as the page's own. */
const ANY_FORMAT = "#tmmSwatches .a-color-price";

const old = ($: CheerioAPI): PriceCandidate[] => [
  ...OLD_PLACES.flatMap(([place, decisive]) =>
    eachOf($, place)
      .filter(isNew)
      .map((node) => ({ text: seenText(node), from: place, decisive })),
  ),
  ...[...($("#tmmSwatches .selected").length > 0 ? [] : eachOf($, ANY_FORMAT)), ...eachOf($, "span#price")]
    .filter(isNew)
    .map((node) => ({
      text: seenText(node),
      from: node.is("span#price") ? "span#price" : ANY_FORMAT,
      decisive: false,
    })),
  ...eachOf($, "#cerberus-data-metrics[data-asin-price]").map((node) => ({
    text: `${node.attr("data-asin-currency-code") ?? ""} ${node.attr("data-asin-price") ?? ""}`.trim(),
    from: "#cerberus-data-metrics",
    decisive: false,
  })),
];

/** Every place that may hold the current price of a new item, the most trustworthy first. */
export const currentPriceCandidates = ($: CheerioAPI): PriceCandidate[] => [
  ...displayed($),
  ...form($),
  ...twister($),
  ...old($),
];
