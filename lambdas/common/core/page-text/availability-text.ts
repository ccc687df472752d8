import type { Availability } from "../products/product.ts";
import { ARABIC } from "./availability-words/arabic.ts";
import { DUTCH } from "./availability-words/dutch.ts";
import { ENGLISH } from "./availability-words/english.ts";
import { FRENCH } from "./availability-words/french.ts";
import { GERMAN } from "./availability-words/german.ts";
import { HINDI } from "./availability-words/hindi.ts";
import { ITALIAN } from "./availability-words/italian.ts";
import { JAPANESE } from "./availability-words/japanese.ts";
import { POLISH } from "./availability-words/polish.ts";
import { PORTUGUESE } from "./availability-words/portuguese.ts";
import { SPANISH } from "./availability-words/spanish.ts";
import { SWEDISH } from "./availability-words/swedish.ts";
import { TURKISH } from "./availability-words/turkish.ts";
import type { AvailabilityWords } from "./availability-words/words.ts";
import { plainNumberText } from "./number-text.ts";

/** A shop may show any of its languages, and some show others', so every text is read by the words of all. */
const LANGUAGES: readonly AvailabilityWords[] = [
  ...[ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE, ITALIAN, DUTCH, POLISH, SWEDISH, TURKISH],
  ...[ARABIC, JAPANESE, HINDI],
];

/**
 * The first of these that matches wins. "In stock" comes last because all others contain its words: "not in stock",
 * "only 3 left in stock", "in stock on 3 March".
 */
const ORDER: readonly (readonly [keyof Omit<AvailabilityWords, "months">, Availability])[] = [
  ["orderable", "backorder"],
  ["out_of_stock", "out_of_stock"],
  ["unavailable", "unavailable"],
  ["preorder", "preorder"],
  ["backorder", "backorder"],
  ["low_stock", "low_stock"],
  ["in_stock", "in_stock"],
];

/** Makes spellings of one word alike: Turkish dotless and dotted i, Arabic vowel marks and forms of alef, apostrophes. */
const fold = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/İ|i̇|ı/g, "i")
    .replace(/[\u0640\u064B-\u065F\u0670]/g, "")
    .replace(/[أإآ]/g, "ا")
    .replace(/ى/g, "ي")
    .replace(/[’‘`´]/g, "'");

const WORD = "[\\p{L}\\p{M}'.]+,?";

const FIGURES = [
  "[0-9]{1,2}[./](?:0?[1-9]|[12][0-9]|3[01])(?![0-9])",
  "[0-9]{4}[-/.][0-9]{1,2}",
  "(?:[0-9]{4}年)?[0-9]{1,2}月(?:[0-9]{1,2}日)?",
].join("|");

const dateOf = (months: readonly string[]): string => {
  if (months.length === 0) return `(?:${FIGURES})`;
  const names = new Set(months.flatMap((name) => [name, name.slice(0, 4), name.slice(0, 3)]));
  const month = `(?:${[...names].join("|")})(?![\\p{L}\\p{M}])\\.?`;
  const day = "[0-9]{1,2}(?:[.º°]|st|nd|rd|th|er|:e)?(?: of| de| di)? ?";
  return `(?:(?:${day})?${month}(?: (?:de )?[0-9]{4})?|${FIGURES})`;
};

const partsOf = (words: AvailabilityWords, meaning: (typeof ORDER)[number][0]): string[] => {
  const date = dateOf(words.months);
  return words[meaning].map((part) =>
    fold(
      part
        .replaceAll("<when>", `(?:${WORD} ){0,2}<date>`)
        .replaceAll("<date>", date)
        .replaceAll("<w>", "(?:[\\p{L}\\p{M}']+ ){0,2}")
        .replaceAll("<n>", "[0-9]+"),
    ),
  );
};

const PATTERNS = ORDER.map(([meaning, type]) => {
  const parts = LANGUAGES.flatMap((words) => partsOf(words, meaning));
  return [type, new RegExp(`(?<!\\p{Script=Latin})(?:${parts.join("|")})`, "iu")] as const;
});

const meaningOf = (plain: string): Availability | undefined => PATTERNS.find(([, pattern]) => pattern.test(plain))?.[0];

/** A point that ends a sentence, not the one of `3. März` or `2.5.`. */
const SENTENCE_END = /(?<=[\p{L}\p{M})])[.!。।](?:\s|$)|。/u;

const isGone = (meaning: Availability | undefined): boolean => meaning === "out_of_stock" || meaning === "unavailable";

/**
 * Reads a shop's availability text in any of its languages. When its first sentence says that the product is there,
 * a later "not available" is about something else, such as gift wrap.
 * @returns the meaning, or undefined when no known word is found: then nothing is known, which is not "out of stock"
 */
export const availabilityFromText = (text: string): Availability | undefined => {
  const plain = fold(plainNumberText(text.normalize("NFKC")));
  const meaning = meaningOf(plain);
  if (!isGone(meaning)) return meaning;
  const first = meaningOf(plain.split(SENTENCE_END)[0] ?? "");
  return first === "in_stock" || first === "low_stock" ? first : meaning;
};
