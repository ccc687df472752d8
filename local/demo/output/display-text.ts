import { stripVTControlCharacters } from "node:util";

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
/** Emoji and the East Asian scripts that a terminal draws two columns wide. */
const WIDE =
  /\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\uFF01-\uFF60]/u;

/** Foreign text made safe for a terminal: no control characters or escape sequences, white space as single blanks. */
export const printable = (text: string): string =>
  stripVTControlCharacters(text)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();

const graphemes = (text: string): string[] => Array.from(segmenter.segment(text), ({ segment }) => segment);
const widthOf = (grapheme: string): number => (WIDE.test(grapheme) ? 2 : 1);

/** Columns that printable text takes in a terminal. */
export const displayWidth = (text: string): number => graphemes(text).reduce((sum, next) => sum + widthOf(next), 0);

/** Text of exactly `width` columns: cut with an ellipsis or filled with blanks. */
export const fitWidth = (text: string, width: number, align: "left" | "right" = "left"): string => {
  let kept = text;
  if (displayWidth(text) > width) {
    kept = "";
    for (const grapheme of graphemes(text)) {
      if (displayWidth(kept) + widthOf(grapheme) > width - 1) break;
      kept += grapheme;
    }
    kept += "…";
  }
  const blanks = " ".repeat(Math.max(0, width - displayWidth(kept)));
  return align === "left" ? kept + blanks : blanks + kept;
};
