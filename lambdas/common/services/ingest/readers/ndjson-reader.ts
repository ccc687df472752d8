import { JsonColumns } from "../../../core/catalogs/ingest/columns/json-columns.ts";
import type { ColumnChoice } from "../../../core/catalogs/ingest/columns/row-layout.ts";
import { type JsonItem, parseJsonItem, plainJson } from "../../../core/catalogs/ingest/formats/json-item.ts";
import { brokenCatalog } from "../../../core/catalogs/ingest/ingest-errors.ts";
import { MAX_RECORD_BYTES } from "../../../core/catalogs/ingest/ingest-limits.ts";
import type { RawRow, RowReader } from "./row-reader.ts";

const LINE_FEED = 0x0a;

/** Reads one JSON value a line. A line that is no JSON is a bad row, not the end of the file. */
export class NdjsonReader implements RowReader {
  readonly name = null;
  readonly marketplace = null;
  readonly #text: AsyncIterable<Buffer>;
  readonly #items: JsonColumns;
  #line = 0;

  constructor(text: AsyncIterable<Buffer>, choice: ColumnChoice = {}) {
    this.#text = text;
    this.#items = new JsonColumns(choice);
  }

  get layout() {
    return this.#items.layout;
  }

  get columns() {
    return this.#items.columns;
  }

  get notes() {
    return this.#items.notes;
  }

  async *rows(): AsyncGenerator<readonly RawRow[]> {
    let pieces: Buffer[] = [];
    let held = 0;
    for await (const chunk of this.#text) {
      const rows: RawRow[] = [];
      let start = 0;
      for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, start)) {
        const rest = chunk.subarray(start, at);
        rows.push(this.#read(held > 0 ? Buffer.concat([...pieces, rest]) : rest));
        pieces = [];
        held = 0;
        start = at + 1;
      }
      pieces.push(chunk.subarray(start));
      held += chunk.length - start;
      this.#checkLength(held);
      yield rows;
    }
    if (held > 0) yield [this.#read(Buffer.concat(pieces))];
    this.#items.end();
  }

  #checkLength(bytes: number): void {
    if (bytes <= MAX_RECORD_BYTES) return;
    throw brokenCatalog(
      "malformed_json",
      `Line ${this.#line + 1} is longer than 1 MB: put one object on each line, or send a JSON document as application/json.`,
    );
  }

  #read(bytes: Buffer): RawRow {
    this.#checkLength(bytes.length);
    const line = ++this.#line;
    const text = bytes.toString();
    if (text.trim() === "") return { line, cells: [], broken: undefined };
    let item: JsonItem;
    try {
      item = parseJsonItem(text);
    } catch {
      return {
        line,
        cells: [text.trimEnd()],
        broken: 'is no JSON: write one object a line, such as {"asin": "B07CXG6C9W"}',
      };
    }
    const laid = this.#items.cellsOf(item);
    return laid.ok
      ? { line, cells: laid.cells, broken: undefined }
      : { line, cells: [plainJson(text.trimEnd())], broken: laid.reason };
  }
}
