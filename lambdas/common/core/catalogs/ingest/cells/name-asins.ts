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
  const shown = new Set(asinsNamed(value.slice(0, SHOWN_VALUE_CHARACTERS)));
  const named = [...asinsNamed(text), ...others.flatMap(asinsNamed).filter(isSureAsin)];
  const hidden = [...new Set(named)].filter((asin) => !shown.has(asin) && !reason.includes(asin));
  return hidden.length === 0 ? reason : `${reason} (the row names ${listAsins(hidden)})`;
};
