import type { Availability } from "../products/product.ts";
import { plainNumberText } from "./number-text.ts";
import { foldSpelling, type Meaning, phrasePattern } from "./phrase-pattern.ts";
import { textStart } from "./text-start.ts";

/**
 * The first of these that matches wins. "In stock" comes last because all others contain its words: "not in stock",
 * "only 3 left in stock", "in stock on 3 March". A count of what is left comes before what is on its way.
 */
const ORDER: readonly (readonly [Meaning, Availability])[] = [
  ["orderable", "backorder"],
  ["outOfStock", "out_of_stock"],
  ["unavailable", "unavailable"],
  ["preorder", "preorder"],
  ["lowStock", "low_stock"],
  ["backorder", "backorder"],
  ["sellers", "in_stock"],
  ["inStock", "in_stock"],
];
const PATTERNS = ORDER.map(([meaning, type]) => [type, phrasePattern(meaning)] as const);
/** What says nothing of the stock. */
const BESIDE = [phrasePattern("elsewhere"), phrasePattern("unfeatured")];

const meaningOf = (plain: string): Availability | undefined => PATTERNS.find(([, pattern]) => pattern.test(plain))?.[0];

/** A point that ends a sentence, not the one of `3. März` or `2.5.`. */
const SENTENCE_END = /(?<=[\p{L}\p{M})][.!。।])\s|(?<=[。।])/u;

const isGone = (meaning: Availability | undefined): boolean => meaning === "out_of_stock" || meaning === "unavailable";

/**
 * Reads a shop's availability text in any of its languages. Of a text of more than 2,000 characters the start counts.
 *
 * A sentence on the delivery place of the viewer, or on the lack of a featured offer, says nothing of the stock and is
 * left out: a text of nothing else is `unknown`. When the first sentence says that the product is there, a later "not available" is about something
 * else, such as gift wrap.
 * @returns the meaning, or undefined when no known word is found: then nothing is known, which is not "out of stock"
 */
export const availabilityFromText = (text: string): Availability | undefined => {
  const sentences = textStart(foldSpelling(plainNumberText(textStart(text)))).split(SENTENCE_END);
  const local = sentences.filter((sentence) => !BESIDE.some((pattern) => pattern.test(sentence)));
  const meaning = meaningOf(local.join(" "));
  if (meaning === undefined && local.length < sentences.length) return "unknown";
  if (!isGone(meaning)) return meaning;
  const first = meaningOf(local[0] ?? "");
  return first === "in_stock" || first === "low_stock" ? first : meaning;
};
