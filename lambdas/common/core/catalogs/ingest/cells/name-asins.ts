import { ASIN_CHARACTERS } from "../../../products/asin.ts";
import { SHOWN_VALUE_CHARACTERS } from "../ingest-limits.ts";
import { isIsbn10 } from "./isbn.ts";

/** Most ASINs that a reason lists. */
const MAX_NAMED = 50;
/** ASINs, those with a slip included: by themselves, or behind a character in code (%2F, \n). */
const ASINS =
  /(?:(?<![A-Z0-9])|(?<=%[A-F0-9]{2}|\\[nrt]))(?:B0[A-Z0-9]{5,12}|[0-9]{9}[0-9X])(?:(?![A-Z0-9])|(?=https?:|www\.|amazon\.|amzn\.))/gi;

/** What looks like an ASIN in a text, each once, upper case; of ten digits it may be any number. */
export const asinsNamed = (text: string): string[] => [
  ...new Set(text.match(ASINS)?.map((asin) => asin.toUpperCase())),
];

/** Words too long for an ASIN. */
const LONG_WORD = /[A-Z0-9]{11,}/gi;
/** A word of up to so many characters that begins like an ASIN is one with a slip, which `asinsNamed` has as a whole. */
const MAX_SLIP_CHARACTERS = 14;

const asinsOfWord = (word: string): string[] => {
  const isSlip = word.startsWith("B0") && word.length <= MAX_SLIP_CHARACTERS;
  const asins: string[] = [];
  for (let at = 0; !isSlip && word.startsWith("B0", at) && at + ASIN_CHARACTERS <= word.length; at += ASIN_CHARACTERS) {
    asins.push(word.slice(at, at + ASIN_CHARACTERS));
  }
  const last = word.slice(-ASIN_CHARACTERS);
  return last.startsWith("B0") && !asins.includes(last) ? [...asins, last] : asins;
};

/** ASINs at an edge of a longer word, upper case: where a delimiter is missing, they stick to the text beside them. */
export const asinsGlued = (text: string): string[] =>
  /B0/i.test(text) ? (text.match(LONG_WORD) ?? []).flatMap((word) => asinsOfWord(word.toUpperCase())) : [];

const FURTHER = "more, named in the rejected rows that follow";

/** ASINs for a message, at most 50 of them; `furtherRejects` has the others. */
export const listAsins = (asins: readonly string[]): string => {
  const more = asins.length > MAX_NAMED ? ` and ${asins.length - MAX_NAMED} ${FURTHER}` : "";
  return `${asins.slice(0, MAX_NAMED).join(", ")}${more}`;
};

/** A rejected row that goes on with the ASINs of the one before it. */
export interface FurtherReject {
  readonly value: string;
  readonly reason: string;
}

/**
 * Rejected rows with the ASINs that a reason has no room for, fifty a row; none where it names them all.
 * @param cells of the rejected row
 */
export const furtherRejects = (
  { value, reason }: { readonly value: string; readonly reason: string },
  cells: readonly string[],
): FurtherReject[] => {
  if (!reason.includes(FURTHER)) return [];
  const named = new Set(asinsNamed(`${value.slice(0, SHOWN_VALUE_CHARACTERS)} ${reason}`));
  const open = [...new Set([...asinsNamed(value), ...cells.flatMap(asinsNamed)])].filter((asin) => !named.has(asin));
  return Array.from({ length: Math.ceil(open.length / MAX_NAMED) }, (_, part) => {
    const [first = "", ...others] = open.slice(part * MAX_NAMED, (part + 1) * MAX_NAMED);
    const beside = others.length === 0 ? "" : `, with ${others.join(", ")}`;
    return { value: first, reason: `is in the rejected row before this one${beside}` };
  });
};

/** Whether it is no other number by chance: ten digits count as an ASIN only with the check digit of an ISBN. */
export const isSureAsin = (asin: string): boolean => asin.startsWith("B0") || isIsbn10(asin);

/**
 * Adds to the reason of a rejected row the ASINs that its shown value cuts off, so that nobody has to open the file to
 * learn which products the row named.
 * @param value what is shown, cut to its first characters
 * @param text what names products in the row
 * @param others other cells of the row, where ten digits may be any number
 */
export const nameAsins = (reason: string, value: string, text: string, others: readonly string[] = []): string => {
  const shown = value.slice(0, SHOWN_VALUE_CHARACTERS).toUpperCase();
  const shownAsins = new Set(asinsNamed(shown));
  const named = [...asinsNamed(text), ...others.flatMap(asinsNamed).filter(isSureAsin)];
  const glued = [text, ...others].flatMap(asinsGlued).filter((asin) => !shown.includes(asin));
  const hidden = [...new Set([...named, ...glued])].filter((asin) => !shownAsins.has(asin) && !reason.includes(asin));
  return hidden.length === 0 ? reason : `${reason} (the row names ${listAsins(hidden)})`;
};
