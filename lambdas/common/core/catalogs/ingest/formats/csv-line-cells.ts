const QUOTE = '"';

/** Cells of one line, by RFC 4180 as far as quotes are closed in it. */
export interface LineCells {
  readonly cells: string[];
  /** Where the cell begins, from 0, whose quote is not closed in the line: the last of `cells` then, as text. -1: none. */
  readonly open: number;
  /** How many of `cells` are before the open one. */
  readonly before: number;
  /** Whether a delimiter is inside quotes. */
  readonly hides: boolean;
}

/** The quote that closes what begins at `from`, -1 when none does; two quotes in a row are one of the text. */
export const closingQuote = (text: string, from: number): number => {
  let at = text.indexOf(QUOTE, from);
  while (at >= 0 && text[at + 1] === QUOTE) at = text.indexOf(QUOTE, at + 2);
  return at;
};

/** The text between quotes. */
export const unquoted = (text: string): string => (text.includes(QUOTE) ? text.replaceAll('""', QUOTE) : text);

/** The text without quotes and blanks at its edges; by steps, since a pattern would try from each quote in between. */
export const withoutEdgeQuotes = (text: string): string => {
  let start = 0;
  let end = text.length;
  while (start < end && (text[start] === QUOTE || text[start] === " ")) start++;
  while (end > start && (text[end - 1] === QUOTE || text[end - 1] === " ")) end--;
  return text.slice(start, end);
};

/**
 * Cells of a line of which nobody knows what is inside quotes: every delimiter counts, and quotes at the edges of a cell
 * are no part of it.
 */
export const bareCells = (line: string, delimiter: string): string[] => line.split(delimiter).map(withoutEdgeQuotes);

/**
 * Splits a line without its end. A quote inside a cell, and one that closes with text behind it, is text, as in
 * `12" x 3"` or `"12" x 3`; so is one that nothing in the line closes, which is reported.
 */
export const splitLine = (line: string, delimiter: string): LineCells => {
  const cells: string[] = [];
  let open = -1;
  let before = 0;
  let hides = false;
  for (let at = 0; ; ) {
    let from = at;
    if (line[at] === QUOTE) {
      const close = closingQuote(line, at + 1);
      if (close < 0) {
        if (open < 0) {
          open = at;
          before = cells.length;
        }
      } else if (close + 1 === line.length || line[close + 1] === delimiter) {
        const text = line.slice(at + 1, close);
        hides ||= text.includes(delimiter);
        cells.push(unquoted(text));
        if (close + 1 === line.length) break;
        at = close + 2;
        continue;
      } else {
        hides ||= line.slice(at, close).includes(delimiter);
        from = close + 1;
      }
    }
    const end = line.indexOf(delimiter, from);
    cells.push(end < 0 ? line.slice(at) : line.slice(at, end));
    if (end < 0) break;
    at = end + 1;
  }
  return { cells, open, before, hides };
};
