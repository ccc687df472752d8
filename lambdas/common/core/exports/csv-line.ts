/**
 * Starts that make spreadsheets read a cell as a formula or a command.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const RISKY_START = /^[=+\-@\t\r]/;
/**
 * Beyond what RFC 4180 asks for, semicolons and tabs are quoted too: a spreadsheet that takes them for separators would
 * else start a new cell, and with it perhaps a formula. White space at the edges is quoted because readers trim it.
 */
const NEEDS_QUOTES = /[",;\t\r\n]|^\s|\s$/;

/** Makes a cell harmless for spreadsheets: one that would be a formula gets a leading apostrophe. */
export const safeCell = (text: string): string => (RISKY_START.test(text) ? `'${text}` : text);

const quoted = (text: string): string => (NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** First character of a CSV file; without it spreadsheets take UTF-8 for their own code page. */
export const BYTE_ORDER_MARK = "\uFEFF";

/** One record of RFC 4180 with its CRLF, every cell made safe. @see https://www.rfc-editor.org/rfc/rfc4180 */
export const csvLine = (cells: readonly string[]): string =>
  `${cells.map((cell) => quoted(safeCell(cell))).join(",")}\r\n`;
