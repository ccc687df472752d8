/**
 * Starts that make spreadsheets read a cell as a formula or a command, the full-width forms that some take for the same
 * among them.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const RISKY_START = /^[=+\-@\t\r\n＝＋－＠]/;
/** A number with its sign, which no spreadsheet computes anything from. */
const PLAIN_NUMBER = /^[+-](?:\d[\d.,]*|[.,]\d+)$/;
const GUARD = "'";
/**
 * Beyond what RFC 4180 asks for, semicolons and tabs are quoted too: a spreadsheet that takes them for separators would
 * else start a new cell, and with it perhaps a formula. White space at the edges is quoted because readers trim it.
 */
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/** Whether a cell would be a formula without the apostrophes before it, be they its own or a guard. */
const isRisky = (text: string): boolean => {
  let start = 0;
  while (text[start] === GUARD) start++;
  const bare = text.slice(start);
  return RISKY_START.test(bare) && !PLAIN_NUMBER.test(bare);
};

/**
 * Makes a cell harmless for spreadsheets: one that would be a formula gets a leading apostrophe, a number stays. So does
 * one that has an apostrophe there already, for `unguardedCell` takes one off.
 */
export const safeCell = (text: string): string => (isRisky(text) ? GUARD + text : text);

/** The cell that `safeCell` made `text` of, for files that come back. */
export const unguardedCell = (text: string): string =>
  text.startsWith(GUARD) && isRisky(text.slice(1)) ? text.slice(1) : text;

const quoted = (text: string): string => (NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** First character of a CSV file; without it spreadsheets take UTF-8 for their own code page. */
export const BYTE_ORDER_MARK = "\uFEFF";

/** One record of RFC 4180 with its CRLF, every cell made safe. @see https://www.rfc-editor.org/rfc/rfc4180 */
export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => quoted(safeCell(cell))).join(",")}\r\n`;
