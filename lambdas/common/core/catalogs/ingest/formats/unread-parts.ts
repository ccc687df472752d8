import { asinsNamed, isSureAsin, listAsins } from "../cells/name-asins.ts";
import { namesIn } from "../cells/product-cell.ts";
import { asKeys, JsonColumns } from "../columns/json-columns.ts";
import type { ColumnChoice } from "../columns/row-layout.ts";
import { parseJsonItem, plainJson } from "./json-item.ts";
import { JsonScanner } from "./json-scanner.ts";

/** A product in a list that is not read: a bad row. */
export interface UnreadItem {
  readonly line: number;
  readonly text: string;
  readonly reason: string;
}

const MAX_SHOWN_KEYS = 5;
const SHOWN_KEY_CHARACTERS = 40;
const OPEN_LIST = 0x5b;

const shownKey = (key: string): string => `"${key.slice(0, SHOWN_KEY_CHARACTERS).toWellFormed()}"`;

const textOf = (bytes: Uint8Array): string => plainJson(new TextDecoder().decode(bytes));

/**
 * Finds products in the parts of a JSON document that are not read, so that none is passed over in silence: lists under
 * other keys than `products` and `asins`, ASINs as keys, and ASINs in any other value.
 */
export class UnreadParts {
  readonly #choice: ColumnChoice;
  readonly #places: string[] = [];
  readonly #asins = new Set<string>();

  constructor(choice: ColumnChoice) {
    this.#choice = choice;
  }

  /** What the user should know about values that are no lists, in a sentence. */
  get notes(): string[] {
    const count = this.#places.length;
    if (count === 0) return [];
    const more = count > MAX_SHOWN_KEYS ? ` and ${count - MAX_SHOWN_KEYS} more` : "";
    const places = `${this.#places.slice(0, MAX_SHOWN_KEYS).join(", ")}${more}`;
    return [
      `Not read, though ASINs are there: ${places} (${listAsins([...this.#asins])}). Only the lists "products" and "asins" are read.`,
    ];
  }

  /**
   * Takes a value of the document that is neither its name nor its marketplace nor a list of products.
   * @param bytes of the value, well-formed JSON
   * @param line on which it starts
   * @returns the key if it is a product, and items of a list that name products; other values go to the notes
   */
  take(key: string, bytes: Uint8Array, line: number): UnreadItem[] {
    const named = namesIn(key);
    const own = named.length > 0 ? [{ line, text: key, reason: asKeys(named) }] : [];
    return [...own, ...this.#valuesOf(key, bytes, line)];
  }

  #valuesOf(key: string, bytes: Uint8Array, line: number): UnreadItem[] {
    if (bytes[0] === OPEN_LIST) return this.#itemsOf(key, bytes, line);
    const asins = asinsNamed(textOf(bytes)).filter(isSureAsin);
    if (asins.length > 0) this.#places.push(`${shownKey(key)} (line ${line})`);
    for (const asin of asins) this.#asins.add(asin);
    return [];
  }

  #itemsOf(key: string, list: Uint8Array, firstLine: number): UnreadItem[] {
    const items: UnreadItem[] = [];
    const reason = `is in the list ${shownKey(key)}, which is not read: put it into the list "products" or "asins"`;
    const scanner = new JsonScanner({
      onEnvelope: () => {},
      onItem: (bytes, line) => {
        const text = textOf(bytes);
        if (this.#isProduct(text)) items.push({ line: firstLine + line - 1, text, reason });
      },
    });
    scanner.feed(list);
    scanner.end();
    return items;
  }

  /** Whether an item names a product: by an ASIN anywhere in it, or in the key where products have theirs. */
  #isProduct(text: string): boolean {
    if (asinsNamed(text).some(isSureAsin)) return true;
    if (!text.startsWith("{")) return false;
    const item = new JsonColumns(this.#choice);
    const laid = item.cellsOf(parseJsonItem(text));
    return laid.ok && item.layout.products.some((column) => namesIn(laid.cells[column] ?? "").length > 0);
  }
}
