import type { CheerioAPI } from "cheerio/slim";
import { foldSpelling, phrasePattern } from "../../../../core/page-text/phrase-pattern.ts";
import { textStart } from "../../../../core/page-text/text-start.ts";
import { eachOf, type Nodes, seenText } from "../dom.ts";

/** What kind of offer a part of a page belongs to. A part that belongs to none in particular counts as `new`. */
export type OfferKind = "new" | "used" | "refurbished" | "rental" | "subscription";

/** Elements that hold one kind of offer, by the names that Amazon gives them in every shop. */
const HOLDERS: readonly (readonly [OfferKind, string])[] = [
  ["refurbished", "[id*='renewed' i], [id*='refurbished' i], [data-a-accordion-row-name*='renewed' i]"],
  [
    "used",
    "[id^='used' i], [id*='usedAccordion' i], [id*='usedOffer' i], [id*='usedBuy' i], [data-a-accordion-row-name*='used' i]",
  ],
  ["rental", "[id^='rent'], [id*='Rent'], [id*='rental' i], [data-a-accordion-row-name*='rent' i]"],
  ["subscription", "[id*='snsAccordion' i], [id^='sns-'], #snsPrice, #snsDetailPagePrice, #subscriptionPrice"],
];

/** One offer among others, with a line that says which. */
const ROW = ".accordion-row, [id*='AccordionRow'], #mediaNoAccordion";
const ROW_LINE = ".header-text, [id*='AccordionCaption']";
const LINES: readonly (readonly [OfferKind, RegExp])[] = [
  ["refurbished", phrasePattern("refurbished")],
  ["used", phrasePattern("used")],
  ["rental", phrasePattern("rental")],
];

/** The kind of the offer that an element belongs to. */
export const offerKindOf = (node: Nodes): OfferKind => {
  const held = HOLDERS.find(([, holder]) => node.closest(holder).length > 0);
  if (held) return held[0];
  const row = node.closest(ROW);
  if (row.length === 0) return "new";
  const line = foldSpelling(seenText(row.find(ROW_LINE)));
  return LINES.find(([, pattern]) => pattern.test(line))?.[0] ?? "new";
};

/** Words that may come before the phrase within the brackets. */
const BEFORE = "(?:amazon |certified |manufacturer |seller |zertifiziert )?";
const IN_TITLE = phrasePattern("refurbished", {
  around: (phrases) =>
    [
      `[(\\[（【] ?${BEFORE}${phrases}`,
      `(?:^| )[-–—|] ?${BEFORE}${phrases}\\p{L}{0,3}$`,
      `^${BEFORE}${phrases}\\p{L}{0,3} [-–—|] `,
    ].join("|"),
});

/** Whether a title names a renewed or refurbished item: in brackets, or set off by a dash. */
export const isRefurbishedTitle = (title: string): boolean => IN_TITLE.test(foldSpelling(textStart(title)));

/** What buys an item at once. */
const BUY_BUTTONS = "#add-to-cart-button, #buy-now-button, [id='submit.add-to-cart'] input";

/** The kinds of the offers that the page lets a shopper buy. */
export const offeredKinds = ($: CheerioAPI): ReadonlySet<OfferKind> =>
  new Set([...eachOf($, BUY_BUTTONS), ...eachOf($, "#usedOnlyBuybox")].map(offerKindOf));
