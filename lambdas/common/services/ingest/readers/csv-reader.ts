import { asinsNamed, isSureAsin } from "../../../core/catalogs/ingest/cells/name-asins.ts";
import { type ColumnChoice, layoutOf, type RowLayout } from "../../../core/catalogs/ingest/columns/row-layout.ts";
import {
  HEADER_WITHIN_RECORDS,
  isHeader,
  looksLikeRow,
  readTableHead,
} from "../../../core/catalogs/ingest/columns/table-head.ts";
import { type CsvDialect, NO_DELIMITER } from "../../../core/catalogs/ingest/formats/csv-dialect.ts";
import { type CsvRecord, CsvScanner } from "../../../core/catalogs/ingest/formats/csv-scanner.ts";
import { brokenCatalog } from "../../../core/catalogs/ingest/ingest-errors.ts";
import { MAX_CELL_CHARACTERS, MAX_COLUMNS, MAX_RECORD_BYTES } from "../../../core/catalogs/ingest/ingest-limits.ts";
import { hidesProducts } from "../../../core/catalogs/ingest/rows/swallowed-rows.ts";
import type { TableShape } from "../../../core/catalogs/ingest/rows/uneven-row.ts";
import { isExport } from "../../../core/exports/column-names.ts";
import { unguardedCell } from "../../../core/exports/csv-line.ts";
import { counted } from "../counted.ts";
import type { RawRow, RowReader } from "./row-reader.ts";
import { utf8Pieces } from "./utf8-pieces.ts";

/** Bytes read at once: bounds the records that wait for judgement. */
const PIECE_BYTES = 65_536;

const ABOVE_HEADER = "is above the header, where no column says what it means: put it below, as a row of the table";
const IN_HEADER =
  "is the header, and a product in it is not read: put the names of the columns on a line of their own, and the product below";

/** Bytes of UTF-8 for a UTF-16 code unit, at most. */
const MAX_UTF8_BYTES = 3;

const tooLong = (line: number) =>
  brokenCatalog(
    "malformed_csv",
    `The CSV cannot be read: the record at line ${line} is longer than 1 MB; most likely it opens a quote (") that is never closed. Close it, or put each product on a line of its own.`,
  );

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === "");

/** Whether a text names an ASIN among other words. */
const namesSurely = (cells: readonly string[]): boolean => cells.flatMap(asinsNamed).some(isSureAsin);

/** Reads a table: a header or a bare list first, then records; line breaks inside quotes belong to their cell. */
export class CsvReader implements RowReader {
  readonly name = null;
  readonly marketplace = null;
  layout: RowLayout = layoutOf([]);
  columns: readonly string[] = [];
  /** Undefined until the head is read. */
  shape: TableShape | undefined;
  readonly #text: AsyncIterable<Buffer>;
  readonly #delimiter: string;
  readonly #choice: ColumnChoice;
  readonly #scanner: CsvScanner;
  /** Records before the head is known. */
  #held: CsvRecord[] = [];
  #rows: RawRow[] = [];
  #skipFirst: boolean;
  #isExport = false;
  #repaired = { rows: 0, line: 0 };
  #titles: number[] = [];

  constructor(text: AsyncIterable<Buffer>, dialect: CsvDialect, choice: ColumnChoice) {
    this.#text = text;
    this.#delimiter = dialect.delimiter;
    this.#skipFirst = dialect.skipFirst;
    this.#choice = choice;
    this.#scanner = new CsvScanner(dialect.delimiter, (cells, lines, isOneLine) =>
      hidesProducts(cells, lines, isOneLine, this.shape && { layout: this.layout, ...this.shape }),
    );
  }

  get notes(): string[] {
    const notes: string[] = [];
    const { rows, line } = this.#repaired;
    if (rows > 0) {
      const what = counted(rows, "row opens a quote", "rows open quotes");
      notes.push(
        `${what} (") that nothing closes or that would hide other rows; read as text, first at line ${line}. Double each quote that belongs to a text in quotes.`,
      );
    }
    if (this.#titles.length > 0) {
      notes.push(
        `${counted(this.#titles.length, "line is", "lines are")} above the header and no row of the table: line ${this.#titles.join(", ")}.`,
      );
    }
    if (this.#isExport)
      notes.push("The file is an export of Enrichline: apostrophes that guarded its cells are left out.");
    return notes;
  }

  async *rows(): AsyncGenerator<readonly RawRow[]> {
    for await (const chunk of this.#text) {
      for (const piece of utf8Pieces(chunk, PIECE_BYTES)) {
        this.#scanner.add(piece.toString());
        this.#scan(false);
        if (this.#scanner.waiting > MAX_RECORD_BYTES) throw tooLong(this.#scanner.line);
        yield this.#drain();
      }
    }
    this.#scan(true);
    if (this.#held.length > 0) this.#readHead();
    yield this.#drain();
  }

  #scan(isLast: boolean): void {
    for (let record = this.#scanner.next(isLast); record; record = this.#scanner.next(isLast)) this.#take(record);
  }

  #drain(): readonly RawRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  #take(record: CsvRecord): void {
    this.#check(record);
    if (record.isRepaired) {
      if (this.#repaired.rows === 0) this.#repaired.line = record.line;
      this.#repaired.rows++;
    }
    if (this.shape !== undefined || isBlank(record.cells)) this.#push(record);
    else if (this.#skipFirst) this.#skipFirst = false;
    else this.#hold(record);
  }

  #hold(record: CsvRecord): void {
    this.#held.push(record);
    if (this.#held.length === HEADER_WITHIN_RECORDS || isHeader(record.cells, this.#choice)) this.#readHead();
  }

  /** Takes the last of the held records for the header if it is one, else the first for the head of a list without. */
  #readHead(): void {
    const held = this.#held;
    this.#held = [];
    const last = held.at(-1);
    const header = last && isHeader(last.cells, this.#choice) ? last : undefined;
    const head = readTableHead(
      (header ?? held[0])?.cells ?? [],
      this.#choice,
      held.find(({ isRepaired }) => isRepaired)?.line,
    );
    this.layout = head.layout;
    this.#isExport = head.hasHeader && isExport(head.columns);
    this.columns = this.#isExport ? head.columns.map(unguardedCell) : head.columns;
    this.shape = { width: head.columns.length, hasHeader: head.hasHeader, delimiter: this.#delimiter };
    for (const record of held) {
      if (record !== header) this.#pushHeld(record, head.hasHeader);
      else if (namesSurely(record.cells))
        this.#rows.push({ line: record.line, cells: record.cells, broken: IN_HEADER });
    }
  }

  /** A record above the header is a row if it has its product in the header's place; one that names none is a title. */
  #pushHeld(record: CsvRecord, isAbove: boolean): void {
    if (!isAbove) this.#push(record);
    else if (!looksLikeRow(record.cells) && !namesSurely(record.cells)) this.#titles.push(record.line);
    else if (this.layout.products.some((column) => looksLikeRow([record.cells[column] ?? ""]))) this.#push(record);
    else this.#rows.push({ line: record.line, cells: record.cells, broken: ABOVE_HEADER });
  }

  #push({ line, cells, lines, isRepaired }: CsvRecord): void {
    const own = this.#isExport ? cells.map(unguardedCell) : cells;
    const row: RawRow = { line, cells: own, broken: undefined };
    if (lines === undefined && !isRepaired) this.#rows.push(row);
    else this.#rows.push({ ...row, ...(lines ? { lines } : {}), ...(isRepaired ? { isRepaired } : {}) });
  }

  #check({ cells, line }: CsvRecord): void {
    if (cells.length > MAX_COLUMNS) {
      throw brokenCatalog(
        "too_many_columns",
        `Line ${line} has more than ${MAX_COLUMNS} columns: leave out those that are not needed.`,
      );
    }
    let characters = 0;
    for (const cell of cells) {
      characters += cell.length;
      // A line of a bare list may hold as many ASINs as a record has room for.
      if (cell.length <= MAX_CELL_CHARACTERS || this.#delimiter === NO_DELIMITER) continue;
      throw brokenCatalog(
        "field_too_long",
        `A field of the record at line ${line} is longer than 100 KB: shorten it, or close its quotes.`,
      );
    }
    if (characters * MAX_UTF8_BYTES <= MAX_RECORD_BYTES) return;
    const bytes = cells.reduce((sum, cell) => sum + Buffer.byteLength(cell), cells.length);
    if (bytes > MAX_RECORD_BYTES) throw tooLong(line);
  }
}
