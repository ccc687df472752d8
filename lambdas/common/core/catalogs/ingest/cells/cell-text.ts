const PLACEHOLDER = /^(?:n\/?\.?a\.?|null|none|nil|nan|undefined|unknown|tbd|tba|todo|x+|[-–—?.*]+)$/i;

/** White space and characters without a shape of their own (category Cf), such as marks of direction. */
const UNSEEN = /^[\s\p{Cf}]$/u;

/** Digits and letters of ASCII, with which most cells begin and end. */
const isPlain = (code: number): boolean => code > 0x20 && code < 0x7f;

const isLow = (code: number): boolean => code >= 0xdc00 && code < 0xe000;

/** Where the visible text ends; by steps from the end, since a pattern would try from each run of blanks in between. */
const endOf = (text: string): number => {
  let end = text.length;
  while (end > 0) {
    const start = isLow(text.charCodeAt(end - 1)) && end > 1 ? end - 2 : end - 1;
    if (!UNSEEN.test(text.slice(start, end))) break;
    end = start;
  }
  return end;
};

/** The text without white space and invisible characters (Unicode category Cf) at its edges. */
export const trimCell = (text: string): string =>
  text === "" || (isPlain(text.charCodeAt(0)) && isPlain(text.charCodeAt(text.length - 1)))
    ? text
    : text.slice(0, endOf(text)).replace(/^[\s\p{Cf}]+/u, "");

/** Says whether a cell shows nothing. */
export const isBlankCell = (text: string): boolean => text === "" || trimCell(text) === "";

/** Says whether a trimmed text only stands for a missing value, such as `N/A`, `-` or `null`. */
export const isPlaceholder = (text: string): boolean => PLACEHOLDER.test(text);

/** The text in a formula that only keeps a spreadsheet from changing it: `="0439023483"` is 0439023483. */
export const unwrapFormula = (text: string): string => /^="([^"]*)"$/.exec(text)?.[1] ?? text;
