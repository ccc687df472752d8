import { MAX_RECORD_BYTES } from "../ingest-limits.ts";
import { bareCells, closingQuote, splitLine, unquoted } from "./csv-line-cells.ts";

/** One record of a table. */
export interface CsvRecord {
  readonly cells: string[];
  /** Line on which it starts, from 1. */
  readonly line: number;
  /** Whether a quote in it was taken for text, because it closes nothing or hid rows. */
  readonly isRepaired: boolean;
  /** Cells of each of its lines by itself, as if no quote were open; absent when it is a single line. */
  readonly lines?: readonly (readonly string[])[];
}

/**
 * Says whether a record read with quotes hides products that its lines name by themselves.
 * @param cells of the record
 * @param lines gives the cells of each of its lines by itself, as if no quote were open
 * @param isOneLine whether the record is a single line; then the line's cells are those without any quoting
 */
export type HidesProducts = (
  cells: readonly string[],
  lines: () => readonly (readonly string[])[],
  isOneLine: boolean,
) => boolean;

/** The next place of a mark, remembered, since it is asked for again and again from places that come before it. */
class Next {
  readonly #mark: string;
  #text = "";
  #from = 0;
  #at = -1;

  constructor(mark: string) {
    this.#mark = mark;
  }

  reset(text: string): void {
    this.#text = text;
    this.#from = 0;
    this.#at = -1;
  }

  /** @returns Infinity when there is none */
  from(start: number): number {
    if (start >= this.#from && start <= this.#at) return this.#at;
    const at = this.#text.indexOf(this.#mark, start);
    this.#from = start;
    this.#at = at < 0 ? Number.POSITIVE_INFINITY : at;
    return this.#at;
  }
}

/** A record whose quotes continue over lines. */
interface LongRecord {
  readonly cells: string[];
  /** Where its last line ends, before the line end. */
  readonly end: number;
  /** Cells of its lines, each by itself. */
  readonly lines: string[][];
}

/**
 * Cuts a table into records as its text comes in. Line feeds, carriage returns and both together end a record outside
 * quotes. A quote never swallows records: where it closes nothing, or what it encloses names products of its own, the
 * record ends with its first line and the quote is text.
 */
export class CsvScanner {
  readonly #delimiter: string;
  readonly #hides: HidesProducts;
  readonly #feed = new Next("\n");
  readonly #return = new Next("\r");
  readonly #quote = new Next('"');
  #text = "";
  #at = 0;
  #line = 1;

  constructor(delimiter: string, hides: HidesProducts) {
    this.#delimiter = delimiter;
    this.#hides = hides;
  }

  /** Line on which the next record starts. */
  get line(): number {
    return this.#line;
  }

  /** Characters that wait for the rest of their record. */
  get waiting(): number {
    return this.#text.length - this.#at;
  }

  /** Adds text to what is not read yet. */
  add(text: string): void {
    this.#text = this.#at < this.#text.length ? this.#text.slice(this.#at) + text : text;
    this.#at = 0;
    for (const next of [this.#feed, this.#return, this.#quote]) next.reset(this.#text);
  }

  /**
   * The next record; undefined when the text does not hold the whole of it.
   * @param isLast whether no more text comes
   */
  next(isLast: boolean): CsvRecord | undefined {
    if (this.waiting === 0) return undefined;
    const end = this.#lineEnd(this.#at, isLast);
    if (end < 0) return undefined;
    const text = this.#text.slice(this.#at, end);
    if (this.#quote.from(this.#at) > end) return this.#take(text.split(this.#delimiter), end, 1, false);
    const split = splitLine(text, this.#delimiter);
    if (split.open < 0) {
      const isRepaired = split.hides && this.#hides(split.cells, () => [text.split(this.#delimiter)], true);
      return this.#take(isRepaired ? text.split(this.#delimiter) : split.cells, end, 1, isRepaired);
    }
    const long = this.#readLong(end, split.cells, split.before, this.#at + split.open, isLast);
    if (long === "incomplete") return undefined;
    if (long === "damaged" || this.#hides(long.cells, () => long.lines, false))
      return this.#take(split.cells, end, 1, true);
    return this.#take(long.cells, long.end, long.lines.length, false, long.lines);
  }

  /** Where the line ends that `from` is in, -1 when that is not known yet. */
  #lineEnd(from: number, isLast: boolean): number {
    const end = Math.min(this.#feed.from(from), this.#return.from(from));
    if (end === Number.POSITIVE_INFINITY) return isLast ? this.#text.length : -1;
    // Half of a line end, perhaps.
    return end + 1 === this.#text.length && this.#text[end] === "\r" && !isLast ? -1 : end;
  }

  /** Where the next line begins. */
  #after(end: number): number {
    return end + (this.#text[end] === "\r" && this.#text[end + 1] === "\n" ? 2 : 1);
  }

  #take(
    cells: string[],
    end: number,
    count: number,
    isRepaired: boolean,
    lines?: readonly (readonly string[])[],
  ): CsvRecord {
    const record = { cells, line: this.#line, isRepaired, ...(lines ? { lines } : {}) };
    this.#line += count;
    this.#at = Math.min(this.#after(end), this.#text.length);
    return record;
  }

  /** Continues a record whose first line, up to `end`, leaves the quote at `open` unclosed. */
  #readLong(
    firstEnd: number,
    first: string[],
    before: number,
    firstOpen: number,
    isLast: boolean,
  ): LongRecord | "incomplete" | "damaged" {
    const cells = first.slice(0, before);
    // Where a quote is open by mistake, those before it may be mistakes too: in each line every delimiter counts.
    const lines = [bareCells(this.#text.slice(this.#at, firstEnd), this.#delimiter)];
    let open = firstOpen;
    let end = firstEnd;
    for (;;) {
      const close = closingQuote(this.#text, open + 1);
      const isCut = close < 0 || (close + 1 === this.#text.length && !isLast);
      if (isCut && !isLast) return this.waiting > MAX_RECORD_BYTES ? this.#overlong(end) : "incomplete";
      const behind = this.#text[close + 1];
      const isClosed = behind === undefined || behind === this.#delimiter || behind === "\n" || behind === "\r";
      if (close < 0 || !isClosed) return "damaged";
      cells.push(unquoted(this.#text.slice(open + 1, close)));
      while (end < close) {
        const start = this.#after(end);
        end = this.#lineEnd(start, isLast);
        if (end < 0) return "incomplete";
        lines.push(bareCells(this.#text.slice(start, end), this.#delimiter));
      }
      if (behind !== this.#delimiter) return { cells, end, lines };
      const rest = splitLine(this.#text.slice(close + 2, end), this.#delimiter);
      if (rest.open < 0) {
        cells.push(...rest.cells);
        return { cells, end, lines };
      }
      cells.push(...rest.cells.slice(0, rest.before));
      open = close + 2 + rest.open;
    }
  }

  /** What is to be done with a quote that is open for longer than a record may be: it is text if it hides rows. */
  #overlong(firstEnd: number): "incomplete" | "damaged" {
    for (let end = firstEnd; ; ) {
      const start = this.#after(end);
      end = this.#lineEnd(start, false);
      if (end < 0) return "incomplete";
      const line = bareCells(this.#text.slice(start, end), this.#delimiter);
      if (this.#hides([], () => [line], false)) return "damaged";
    }
  }
}
