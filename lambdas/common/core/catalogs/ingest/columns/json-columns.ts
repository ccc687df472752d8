import { cellText, type JsonItem } from "../formats/json-item.ts";
import { MAX_COLUMNS } from "../ingest-limits.ts";
import { ColumnNames } from "./column-names.ts";
import { type ColumnChoice, layoutOf, type RowLayout } from "./row-layout.ts";

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

  /** @param choice names of keys that the user gave for what is read */
  constructor(choice: ColumnChoice = {}) {
    this.#choice = choice;
  }

  /** The keys so far; `asin` for plain strings. */
  get columns(): string[] {
    return [...this.#index.keys()];
  }

  /** Where the keys that Enrichline reads stand. */
  get layout(): RowLayout {
    return this.#layout;
  }

  /**
   * Turns an item (an object, or a string or number that is the ASIN) into cells.
   * @throws ValidationError as `ColumnNames` does, about a new key
   */
  cellsOf({ value, keys }: JsonItem): JsonCells {
    if (typeof value === "string" || typeof value === "number") return this.#lay([["asin", value]]);
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      return {
        ok: false,
        reason: 'is no product: give an object such as {"asin": "B07CXG6C9W"} or the ASIN as a string',
      };
    }
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
          return { ok: false, reason: `has "${key.slice(0, 40)}" nested too deep: leave it out` };
        throw error;
      }
    }
    return { ok: true, cells };
  }
}
