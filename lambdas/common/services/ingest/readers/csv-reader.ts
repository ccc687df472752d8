import { CsvError, type Options, Parser } from "csv-parse";
import type { CsvDialect } from "../../../core/catalogs/ingest/csv-dialect.ts";
import { brokenCatalog } from "../../../core/catalogs/ingest/ingest-errors.ts";
import { MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_RECORD_BYTES } from "../../../core/catalogs/ingest/ingest-limits.ts";
import { layoutOf, type RowLayout, readTableHead } from "../../../core/catalogs/ingest/row-layout.ts";
import type { RawRow, RowReader } from "./row-reader.ts";

/** Bytes given to the parser at once: bounds the records that wait for judgement. */
const FEED_BYTES = 65_536;

const malformed = (line: number, problem: string, cause?: unknown) =>
  brokenCatalog("malformed_csv", `The CSV cannot be read: the record at line ${line} ${problem}.`, cause);

const UNCLOSED = 'opens a quote (") that is never closed; close it, or double each quote that belongs to the text';

/** Line ends of every kind, as one file may hold several: a lone carriage return that was no end would hide a row. */
const LINE_ENDS = ["\n", "\r\n", "\r"];

/** Line breaks in a cell. */
const breaksIn = (cell: string): number => {
  let breaks = 0;
  for (let at = cell.indexOf("\n"); at >= 0; at = cell.indexOf("\n", at + 1)) breaks++;
  for (let at = cell.indexOf("\r"); at >= 0; at = cell.indexOf("\r", at + 1)) if (cell[at + 1] !== "\n") breaks++;
  return breaks;
};

/** The parser without its object stream, which costs more than the judgement: records go where they are wanted at once. */
class RecordParser extends Parser {
  readonly #onRecord: (cells: string[], end: number) => void;
  /** The parser's own counts, which its types do not let anybody change. */
  readonly #counts: { bytes: number; records: number };
  /** What went wrong with a record; none is taken after it. */
  failure: unknown;

  /** @param onRecord takes a record and the number of bytes up to its end */
  constructor(options: Options, onRecord: (cells: string[], end: number) => void) {
    super(options);
    this.#counts = this.info;
    this.#onRecord = onRecord;
  }

  override push(cells: string[] | null): boolean {
    if (cells === null) return super.push(null);
    if (this.failure !== undefined) return true;
    try {
      this.#onRecord(cells, this.#counts.bytes);
    } catch (error) {
      // Thrown from here it would pass through the stream, which ends the process for some of its steps.
      this.failure = error;
    }
    // The parser compares the length of every record but the first with the first one's, and makes an error with a
    // stack trace for each that differs, though it may: 50 µs a row. Without a count every record is the first.
    this.#counts.records = 0;
    return true;
  }
}

/** Reads a table: a header or a bare list first, then records; line breaks inside quotes belong to their cell. */
export class CsvReader implements RowReader {
  readonly name = null;
  readonly marketplace = null;
  layout: RowLayout = layoutOf([]);
  columns: readonly string[] = [];
  readonly #text: AsyncIterable<Buffer>;
  readonly #parser: RecordParser;
  #rows: RawRow[] = [];
  #line = 1;
  #recordStart = 0;
  #awaitsHead = true;
  #skipFirst: boolean;

  constructor(text: AsyncIterable<Buffer>, dialect: CsvDialect) {
    this.#text = text;
    this.#skipFirst = dialect.skipFirst;
    const options = {
      delimiter: dialect.delimiter,
      record_delimiter: LINE_ENDS,
      relax_column_count: true,
      // An inch mark in a title must not cost the user the whole file.
      relax_quotes: true,
    };
    this.#parser = new RecordParser(options, (cells, end) => this.#take(cells, end));
    // Failures come back through the callbacks below; without a listener they would end the process too.
    this.#parser.on("error", () => {});
  }

  async *rows(): AsyncGenerator<readonly RawRow[]> {
    let fed = 0;
    for await (const chunk of this.#text) {
      for (let start = 0; start < chunk.length; start += FEED_BYTES) {
        const piece = chunk.subarray(start, start + FEED_BYTES);
        await this.#write(piece);
        fed += piece.length;
        if (fed - this.#recordStart > MAX_RECORD_BYTES) throw this.#tooLong();
        yield this.#drain();
      }
    }
    await this.#end();
    yield this.#drain();
  }

  #drain(): readonly RawRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  #take(cells: string[], end: number): void {
    const line = this.#line;
    const bytes = end - this.#recordStart;
    if (bytes > MAX_RECORD_BYTES) throw this.#tooLong();
    this.#recordStart = end;
    if (cells.length > MAX_COLUMNS) {
      throw brokenCatalog(
        "too_many_columns",
        `Line ${line} has more than ${MAX_COLUMNS} columns: leave out those that are not needed.`,
      );
    }
    let characters = 0;
    for (const cell of cells) {
      characters += cell.length;
      if (cell.length > MAX_CELL_CHARACTERS) {
        throw brokenCatalog(
          "field_too_long",
          `A field of the record at line ${line} is longer than 100 KB: shorten it, or close its quotes.`,
        );
      }
    }
    this.#line += 1;
    // Breaks in cells need quotes, which are bytes beyond the text, its separators and a line feed.
    if (bytes > characters + cells.length) for (const cell of cells) this.#line += breaksIn(cell);
    if (this.#skipFirst) {
      this.#skipFirst = false;
      return;
    }
    if (this.#awaitsHead && cells.some((cell) => cell.trim() !== "")) {
      this.#awaitsHead = false;
      const head = readTableHead(cells);
      this.layout = head.layout;
      this.columns = head.columns;
      if (head.hasHeader) return;
    }
    this.#rows.push({ line, cells, broken: undefined });
  }

  #tooLong() {
    return malformed(this.#line, `is longer than 1 MB; most likely it ${UNCLOSED}`);
  }

  #translate(error: Error): Error {
    if (!(error instanceof CsvError)) return error;
    return malformed(
      this.#line,
      error.code === "CSV_QUOTE_NOT_CLOSED" ? UNCLOSED : `is malformed (${error.code})`,
      error,
    );
  }

  #write(piece: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#parser.write(piece, (error) => this.#settle(error ?? undefined, resolve, reject));
    });
  }

  #end(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#parser.once("end", () => this.#settle(undefined, resolve, reject));
      this.#parser.once("error", (error) => this.#settle(error, resolve, reject));
      this.#parser.resume();
      this.#parser.end();
    });
  }

  #settle(error: Error | undefined, resolve: () => void, reject: (cause: unknown) => void): void {
    if (this.#parser.failure !== undefined) reject(this.#parser.failure);
    else if (error) reject(this.#translate(error));
    else resolve();
  }
}
