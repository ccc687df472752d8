import { listAsins } from "../cells/name-asins.ts";
import { namesIn } from "../cells/product-cell.ts";
import { cellText, type JsonItem } from "../formats/json-item.ts";
import { MAX_COLUMNS } from "../ingest-limits.ts";
import { ColumnNames } from "./column-names.ts";
import { type ColumnChoice, columnNotFound, layoutOf, missingChoice, type RowLayout } from "./row-layout.ts";

/** Characters of a key in a message. */
const SHOWN_KEY = 40;

/** Why ASINs that are keys are not read. */
export const asKeys = (asins: readonly string[]): string =>
  `has its ASIN as a key (${listAsins(asins)}): give each product an object of its own, with the ASIN under "asin"`;

/** A JSON item as cells, or why it cannot be a row. */
export type JsonCells =
  | { readonly ok: true; readonly cells: string[] }
  | { readonly ok: false; readonly reason: string };

/** Lays the items of a JSON or NDJSON catalog out as a table: a column for each key, in the order in which keys appear. */
export class JsonColumns {
  readonly #index = new Map<string, number>();
  readonly #names = new ColumnNames();
  readonly #choice: ColumnChoice;
  #layout: RowLayout = layoutOf([]);
  readonly #repeats = { items: 0, key: "" };

  /** @param choice names of keys that the user gave for what is read */
  constructor(choice: ColumnChoice = {}) {
    this.#choice = choice;
  }

  /** The keys so far; `asin` for plain strings. */
  get columns(): string[] {
    return [...this.#index.keys()];
  }

  /** What the user should know about the items so far, in sentences. */
  get notes(): string[] {
    const { items, key } = this.#repeats;
    if (items === 0) return [];
    const where = items === 1 ? "1 product" : `${items.toLocaleString("en-US")} products`;
    return [
      `A key such as "${key.slice(0, SHOWN_KEY).toWellFormed()}" is there more than once in ${where}; its last value counts.`,
    ];
  }

  /** Where the keys that Enrichline reads are. */
  get layout(): RowLayout {
    return this.#layout;
  }

  /**
   * Turns an item (an object, or a string or number that is the ASIN) into cells.
   * @throws ValidationError as `ColumnNames` does, about a new key
   */
  cellsOf({ value, keys, repeated }: JsonItem): JsonCells {
    const laid = this.#cellsOf(value, keys);
    return laid.ok && repeated.length > 0 ? this.#withRepeats(laid, repeated) : laid;
  }

  /**
   * Ends the items.
   * @throws ValidationError `column_not_found` when no item has a key that the user named
   */
  end(): void {
    const { columns } = this;
    const missing = columns.length > 0 ? missingChoice(columns, this.#choice) : undefined;
    if (missing !== undefined) throw columnNotFound(missing, columns);
  }

  /** A key that is read must be there once, since each of its values may be another product; of others the last counts. */
  #withRepeats(laid: JsonCells, repeated: readonly string[]): JsonCells {
    const { products, marketplace, sku } = this.#layout;
    const read = [...products, ...marketplace, ...sku];
    const key = repeated.find((name) => read.includes(this.#index.get(name.toWellFormed()) ?? -1));
    if (key !== undefined) {
      const shown = key.slice(0, SHOWN_KEY).toWellFormed();
      return { ok: false, reason: `has the key "${shown}" more than once: give each product an object of its own` };
    }
    if (this.#repeats.items === 0) this.#repeats.key = repeated[0] ?? "";
    this.#repeats.items++;
    return laid;
  }

  #cellsOf(value: unknown, keys: readonly string[] | undefined): JsonCells {
    if (typeof value === "string" || typeof value === "number") return this.#lay([["asin", value]]);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return {
        ok: false,
        reason: 'is no product: give an object such as {"asin": "B07CXG6C9W"} or the ASIN as a string',
      };
    }
    // A key that is a column already is no product; of the others few are new.
    const named = Object.keys(value).flatMap((key) => (this.#index.has(key) ? [] : namesIn(key)));
    if (named.length > 0) return { ok: false, reason: asKeys(named) };
    if (keys === undefined) return this.#lay(Object.entries(value));
    const fields = new Map(Object.entries(value));
    return this.#lay(keys.map((key) => [key, fields.get(key)]));
  }

  #lay(entries: readonly (readonly [string, unknown])[]): JsonCells {
    const cells: string[] = [];
    for (const [name, value] of entries) {
      const key = name.toWellFormed();
      let index = this.#index.get(key);
      if (index === undefined) {
        if (this.#index.size >= MAX_COLUMNS) {
          return { ok: false, reason: `has more keys than the ${MAX_COLUMNS} that a catalog may have: leave some out` };
        }
        this.#names.add(key);
        index = this.#index.size;
        this.#index.set(key, index);
        this.#layout = layoutOf(this.columns, this.#choice);
      }
      while (cells.length < index) cells.push("");
      try {
        cells[index] = cellText(value);
      } catch (error) {
        // JSON.parse takes any depth, JSON.stringify overflows the stack.
        if (error instanceof RangeError)
          return { ok: false, reason: `has "${key.slice(0, SHOWN_KEY).toWellFormed()}" nested too deep: leave it out` };
        throw error;
      }
    }
    return { ok: true, cells };
  }
}
