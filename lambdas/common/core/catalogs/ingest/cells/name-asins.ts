import { SHOWN_VALUE_CHARACTERS } from "../ingest-limits.ts";

/** Most ASINs that a reason lists. */
const MAX_NAMED = 50;
/** ASINs, those with a slip included: by themselves, or behind a character that an address has in code (%2F). */
const ASINS = /(?:(?<![A-Z0-9])|(?<=%[A-F0-9]{2}))(?:B0[A-Z0-9]{5,12}|[0-9]{9}[0-9X])(?![A-Z0-9])/gi;

/** The ASINs in a text as `ASINS` has them, each once, upper case. */
const asinsOf = (text: string): Set<string> => new Set(text.match(ASINS)?.map((asin) => asin.toUpperCase()));

/**
 * Adds to the reason of a rejected row the ASINs that its shown value cuts off, so that nobody has to open the file to
 * learn which products the row named.
 * @param value what is shown, cut to its first characters
 * @param text what else of the row may name products
 */
export const nameAsins = (reason: string, value: string, text: string): string => {
  if (text.length < 10) return reason;
  const shown = asinsOf(value.slice(0, SHOWN_VALUE_CHARACTERS));
  const hidden = [...asinsOf(text)].filter((asin) => !shown.has(asin) && !reason.includes(asin));
  if (hidden.length === 0) return reason;
  const more = hidden.length > MAX_NAMED ? ` and ${hidden.length - MAX_NAMED} more` : "";
  return `${reason} (the row names ${hidden.slice(0, MAX_NAMED).join(", ")}${more})`;
};
