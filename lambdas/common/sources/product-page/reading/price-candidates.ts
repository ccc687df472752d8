import type { CheerioAPI } from "cheerio/slim";
import * as z from "zod";
import { parseJson } from "../../../core/parse-json.ts";

/** A price that the page shows, as text, and the place it was taken from. */
export interface PriceCandidate {
  readonly text: string;
  readonly from: string;
}

type Nodes = ReturnType<CheerioAPI>;

/** Blocks of the featured offer, 2021 to 2026. The first price of the whole page is often a carousel's. */
export const OFFER_BLOCKS = [
  "#corePriceDisplay_desktop_feature_div",
  "#corePriceDisplay_mobile_feature_div",
  "#corePrice_feature_div",
  "#corePrice_desktop",
  "#corePrice_mobile_feature_div",
  "#apex_desktop",
] as const;

/** Offers that are not of a new item bought once. */
const OTHER_OFFERS =
  "#usedBuySection, #usedAccordionRow, #usedOnlyBuybox, #rentBuySection, [id^='snsAccordion'], [id^='sns-'], #snsPrice";

/** Whether the page features a used item only; then no price on it is one of a new item. */
export const isUsedOnly = ($: CheerioAPI): boolean =>
  $("#usedOnlyBuybox").length > 0 && $("#buyNewSection, #newAccordionRow, [id^='newAccordionRow_']").length === 0;

/** Text of an `.a-price`: the screen reader's, or joined from its parts where that text is blank. */
const priceText = (price: Nodes): string => {
  const spoken = price.find(".a-offscreen").first().text().trim();
  if (spoken !== "") return spoken;
  const part = (name: string): string => price.find(name).first().text().trim();
  return `${part(".a-price-symbol")}${part(".a-price-whole")}${part(".a-price-fraction")}`;
};

const displayed = ($: CheerioAPI): PriceCandidate[] =>
  OFFER_BLOCKS.flatMap((block) => {
    const inside = $(block).first();
    const prices = [
      ...inside.find(".priceToPay, .apexPriceToPay, .apex-pricetopay-value"),
      ...inside.find(".a-price:not(.a-text-price):not([data-a-strike])"),
    ].map((node) => $(node));
    return prices
      .filter((price) => price.closest(OTHER_OFFERS).length === 0)
      .map((price) => ({ text: priceText(price), from: block }))
      .filter(({ text }) => text !== "");
  });

const form = ($: CheerioAPI): PriceCandidate[] => {
  const field = (name: string): string =>
    $(`input[name="items[0.base][customerVisiblePrice][${name}]"]`).first().attr("value")?.trim() ?? "";
  const [amount, currency] = [field("amount"), field("currencyCode")];
  return amount && currency ? [{ text: `${currency} ${amount}`, from: "cart form" }] : [];
};

const BuyingOptionSchema = z.looseObject({ displayPrice: z.string(), buyingOptionType: z.string().nullish() });

const twister = ($: CheerioAPI): PriceCandidate[] => {
  const json = parseJson($(".twister-plus-buying-options-price-data").first().text());
  const lists = Array.isArray(json) ? [json] : typeof json === "object" && json !== null ? Object.values(json) : [];
  return lists
    .flat()
    .flatMap((entry) => BuyingOptionSchema.safeParse(entry).data ?? [])
    .filter((option) => (option.buyingOptionType ?? "NEW") === "NEW")
    .map((option) => ({ text: option.displayPrice, from: "twister data" }));
};

/** Layouts before 2021, then books and Kindle; the most specific first. */
const OLD_PLACES = [
  "#priceblock_dealprice",
  "#priceblock_saleprice",
  "#priceblock_ourprice",
  "#price_inside_buybox",
  "#newBuyBoxPrice",
  "#buyNewSection .offer-price",
  ".offer-price",
  "#kindle-price",
  "#tmmSwatches .selected .a-color-price",
  "#tmmSwatches .a-color-price",
  "span#price",
] as const;

const old = ($: CheerioAPI): PriceCandidate[] => [
  ...OLD_PLACES.flatMap((place) =>
    [...$(place)]
      .map((node) => $(node))
      .filter((node) => node.closest(OTHER_OFFERS).length === 0)
      .map((node) => ({ text: node.text().trim(), from: place })),
  ),
  ...[...$("#cerberus-data-metrics[data-asin-price]")].map((node) => ({
    text: `${$(node).attr("data-asin-currency-code") ?? ""} ${$(node).attr("data-asin-price") ?? ""}`.trim(),
    from: "#cerberus-data-metrics",
  })),
];

/** Every place that may hold the current price of a new item, the most trustworthy first. */
export const currentPriceCandidates = ($: CheerioAPI): PriceCandidate[] =>
  isUsedOnly($) ? [] : [...displayed($), ...form($), ...twister($), ...old($)];

/** Places that may hold the price struck through beside the current one. */
export const listPriceCandidates = ($: CheerioAPI): PriceCandidate[] => {
  const blocks = OFFER_BLOCKS.flatMap((block) => [
    `${block} .basisPrice .a-offscreen`,
    `${block} .a-price.a-text-price[data-a-strike="true"] .a-offscreen`,
  ]);
  const places = [
    ...blocks,
    ".priceBlockStrikePriceString",
    "#price .a-text-strike",
    "#listPriceSection .a-text-strike",
    "#buyNewSection .a-text-strike",
    "#buyBoxInner .a-text-strike",
  ];
  return places.flatMap((place) => {
    const text = $(place).first().text().trim();
    return text === "" ? [] : [{ text, from: place }];
  });
};
