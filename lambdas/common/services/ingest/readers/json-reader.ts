import { JsonColumns } from "../../../core/catalogs/ingest/columns/json-columns.ts";
import type { ColumnChoice } from "../../../core/catalogs/ingest/columns/row-layout.ts";
import { type JsonItem, parseJsonItem, plainJson } from "../../../core/catalogs/ingest/formats/json-item.ts";
import { JsonScanner } from "../../../core/catalogs/ingest/formats/json-scanner.ts";
import { UnreadParts } from "../../../core/catalogs/ingest/formats/unread-parts.ts";
import { brokenCatalog } from "../../../core/catalogs/ingest/ingest-errors.ts";
import { MAX_NAME_CHARACTERS } from "../../../core/contract/uploads/catalog-name.ts";
import { ValidationError } from "../../../core/errors.ts";
import { MarketplaceSchema } from "../../../core/products/marketplaces.ts";
import { peek } from "./peek.ts";
import type { RawRow, RowReader } from "./row-reader.ts";

/** A document up to this size is scanned first, so that its keys may be in any order. */
const LOOK_AHEAD_BYTES = 1_048_576;
const FEED_BYTES = 65_536;

const parse = (bytes: Uint8Array, line: number): JsonItem => {
  try {
    return parseJsonItem(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch (error) {
    throw brokenCatalog("malformed_json", `The JSON cannot be read: the value at line ${line} is malformed.`, error);
  }
};

/** Reads a JSON document: `{name?, marketplace?, products: […]}`, `{asins: […]}` or a bare list. */
export class JsonReader implements RowReader {
  name: string | null = null;
  marketplace: string | null = null;
  readonly #text: AsyncIterable<Buffer>;
  readonly #items: JsonColumns;
  readonly #unread: UnreadParts;
  #rows: RawRow[] = [];
  #sawRows = false;

  constructor(text: AsyncIterable<Buffer>, choice: ColumnChoice = {}) {
    this.#text = text;
    this.#items = new JsonColumns(choice);
    this.#unread = new UnreadParts(choice);
  }

  get layout() {
    return this.#items.layout;
  }

  get columns() {
    return this.#items.columns;
  }

  get notes() {
    return [...this.#items.notes, ...this.#unread.notes];
  }

  async *rows(): AsyncGenerator<readonly RawRow[]> {
    const { head, all } = await peek(this.#text, LOOK_AHEAD_BYTES + 1);
    const wasScanned = head.length <= LOOK_AHEAD_BYTES;
    if (wasScanned) this.#scanAll(head);
    const scanner = new JsonScanner({
      onEnvelope: (key, bytes, line) => {
        if (key !== "name" && key !== "marketplace") return this.#readOther(key, bytes, line);
        if (wasScanned) return;
        if (key === "marketplace" && this.#sawRows) {
          throw brokenCatalog(
            "malformed_json",
            'In a JSON document over 1 MB, "marketplace" must come before the products: move it to the top.',
          );
        }
        this.#readEnvelope(key, bytes, line);
      },
      onItem: (bytes, line) => {
        this.#sawRows = true;
        const laid = this.#items.cellsOf(parse(bytes, line));
        this.#rows.push(
          laid.ok
            ? { line, cells: laid.cells, broken: undefined }
            : { line, cells: [plainJson(Buffer.from(bytes).toString())], broken: laid.reason },
        );
      },
    });
    for await (const chunk of all) {
      for (let start = 0; start < chunk.length; start += FEED_BYTES) {
        scanner.feed(chunk.subarray(start, start + FEED_BYTES));
        const rows = this.#rows;
        this.#rows = [];
        yield rows;
      }
    }
    scanner.end();
    this.#items.end();
  }

  #readOther(key: string, bytes: Uint8Array, line: number): void {
    parse(bytes, line);
    for (const item of this.#unread.take(key, bytes, line)) {
      this.#rows.push({ line: item.line, cells: [item.text], broken: item.reason });
    }
  }

  #scanAll(document: Buffer): void {
    const scanner = new JsonScanner({
      onEnvelope: (key, bytes, line) => this.#readEnvelope(key, bytes, line),
      onItem: () => {},
    });
    scanner.feed(document);
    scanner.end();
  }

  #readEnvelope(key: string, bytes: Uint8Array, line: number): void {
    const { value } = parse(bytes, line);
    if (value === null) return;
    if (key === "name") {
      if (typeof value !== "string" || value.length > MAX_NAME_CHARACTERS || !value.isWellFormed()) {
        const problem = `must be text of at most ${MAX_NAME_CHARACTERS} whole characters`;
        throw new ValidationError(`"name" ${problem}.`, { errors: [{ field: "name", problem }] });
      }
      this.name = value;
    }
    if (key === "marketplace") {
      const read = MarketplaceSchema.safeParse(value);
      if (!read.success) {
        const problem = read.error.issues[0]?.message ?? "is not text";
        throw new ValidationError(`"marketplace": ${problem}.`, { errors: [{ field: "marketplace", problem }] });
      }
      this.marketplace = read.data;
    }
  }
}
