import { LANGUAGES } from "./phrases/languages.ts";
import type { Phrases } from "./phrases/phrases.ts";

/** A meaning that every language has phrases for. */
export type Meaning = Exclude<keyof Phrases, "months" | "monthBefore" | "monthAfter">;

/** Makes spellings of one word alike: Turkish dotless and dotted i, Arabic vowel marks and forms of alef, apostrophes. */
export const foldSpelling = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/İ|i̇|ı/g, "i")
    .replace(/[\u0640\u064B-\u065F\u0670]/g, "")
    .replace(/[أإآ]/g, "ا")
    .replace(/ى/g, "ي")
    .replace(/[’‘`´]/g, "'");

const WORD = "[\\p{L}\\p{M}'.]{1,30},?";
const YEAR = "[0-9]{4}";
const FIGURES = [
  "[0-9]{1,2}[./](?:0?[1-9]|[12][0-9]|3[01])(?![0-9])",
  "[0-9]{4}[-/.][0-9]{1,2}",
  "(?:[0-9]{4}年)?[0-9]{1,2}月(?:[0-9]{1,2}日)?",
].join("|");

const dateOf = ({ months, monthBefore, monthAfter }: Phrases): string => {
  if (months.length === 0) return `(?:${FIGURES})`;
  const names = new Set(months.flatMap((name) => [name, name.slice(0, 4), name.slice(0, 3)]));
  const month = `(?:${[...names].join("|")})(?![\\p{L}\\p{M}])\\.?`;
  const day = "[0-9]{1,2}(?:[.º°]|st|nd|rd|th|er|:e)?(?: of| de| di)? ?";
  const dated = [
    `${day}${month}(?: (?:de )?${YEAR})?`,
    `${month} (?:[0-9]{1,2}(?![0-9])(?:st|nd|rd|th)?(?:, ${YEAR})?|(?:de )?${YEAR})`,
    ...(monthBefore.length > 0 ? [`(?<=(?:^|[ ,.(-])(?:${monthBefore.join("|")})[ -]?)${month}`] : []),
    ...(monthAfter.length > 0 ? [`${month}['’]? ?(?:${monthAfter.join("|")})`] : []),
  ];
  return `(?:${dated.join("|")}|${FIGURES})`;
};

const spelled = (part: string, date: string): string =>
  part
    .replaceAll("<when>", `(?:${WORD} ){0,2}<date>`)
    .replaceAll("<date>", date)
    .replaceAll("<w>", "(?:[\\p{L}\\p{M}']{1,30} ){0,2}")
    .replaceAll("<n>", "[0-9]{1,9}");

/** How the phrases of a meaning are built into a pattern. */
interface PhraseOptions {
  /** The whole pattern around the phrases, which come as one group. @default a phrase begins a word */
  readonly around?: (phrases: string) => string;
  /** How phrases are spelled, which must be how the text is. @default foldSpelling */
  readonly spelling?: (phrase: string) => string;
  /** @default every language */
  readonly languages?: readonly Phrases[];
}

/** A pattern that finds a meaning in any language. */
export const phrasePattern = (meaning: Meaning, options: PhraseOptions = {}): RegExp => {
  const { around = (phrases) => `(?<!\\p{Script=Latin})${phrases}`, spelling = foldSpelling } = options;
  const parts = (options.languages ?? Object.values(LANGUAGES)).flatMap((language) => {
    const date = dateOf(language);
    return language[meaning].map((part) => spelling(spelled(part, date)));
  });
  return new RegExp(around(`(?:${parts.join("|")})`), "iu");
};
