import type { Item } from "./expressions.ts";
import { itemSize } from "./item-size.ts";

type Keys = readonly [hash: string, range?: string];

/** Keys of a table and of its indexes, all of which hold keys only. */
export interface TableShape {
  readonly keys: Keys;
  readonly indexes?: Readonly<Record<string, Keys>>;
  /** Only the sizes of items are kept, for tables whose items nobody reads back; a read of them ends the simulation. */
  readonly sizesOnly?: boolean;
}

/** One table: its items, and its indexes in sorted reach of their hash key. */
export class MemoryTable {
  readonly shape: TableShape;
  readonly items = new Map<string, Item>();
  readonly sizes = new Map<string, number>();
  readonly #partitions = new Map<string, Map<string, Item>>();

  constructor(shape: TableShape) {
    this.shape = shape;
  }

  id(key: Item): string {
    const { keys } = this.shape;
    return keys[1] === undefined ? String(key[keys[0]]) : `${key[keys[0]]}\n${key[keys[1]]}`;
  }

  get(id: string): Item | undefined {
    if (this.shape.sizesOnly && this.sizes.has(id)) throw new Error(`${id} is read back, but only its size was kept`);
    return this.items.get(id);
  }

  /** Puts or removes an item. @returns the write units of the indexes */
  replace(id: string, before: Item | undefined, after: Item | undefined): number {
    if (this.shape.sizesOnly) {
      if (after) this.sizes.set(id, itemSize(after));
      return Object.values(this.shape.indexes ?? {}).length;
    }
    if (after) this.items.set(id, after);
    else this.items.delete(id);
    let units = 0;
    for (const [name, keys] of [["", this.shape.keys] as const, ...Object.entries(this.shape.indexes ?? {})]) {
      const old = before && this.#place(name, keys, before);
      const next = after && this.#place(name, keys, after);
      if (old !== undefined && old !== next) this.#partition(old).delete(id);
      if (next !== undefined && after) this.#partition(next).set(id, after);
      if (name === "") continue;
      const moved = old !== next || keys.some((key) => key !== undefined && before?.[key] !== after?.[key]);
      if (moved) units += (old === undefined ? 0 : 1) + (next === undefined ? 0 : 1);
    }
    return units;
  }

  /** Items of one partition of the table or an index, in the order of the range key. */
  query(index: string, hash: unknown, condition: (item: Item) => boolean): Item[] {
    const keys = index === "" ? this.shape.keys : this.shape.indexes?.[index];
    if (!keys) throw new Error(`there is no index ${index}`);
    const range = keys[1] ?? keys[0];
    const order = (item: Item): string => `${String(item[range])} ${this.id(item)}`;
    return [...this.#partition(`${index}\n${String(hash)}`).values()]
      .filter(condition)
      .sort((a, b) => (order(a) < order(b) ? -1 : 1));
  }

  /** What an index holds of an item; all of it for the table itself. */
  project(index: string, item: Item): Item {
    if (index === "") return item;
    const names = [...this.shape.keys, ...(this.shape.indexes?.[index] ?? [])].flatMap((name) => name ?? []);
    return Object.fromEntries(names.map((name) => [name, item[name]]));
  }

  #place(index: string, keys: Keys, item: Item): string | undefined {
    if (keys.some((key) => key !== undefined && (item[key] === undefined || item[key] === null))) return undefined;
    return `${index}\n${String(item[keys[0]])}`;
  }

  #partition(name: string): Map<string, Item> {
    const known = this.#partitions.get(name) ?? new Map<string, Item>();
    this.#partitions.set(name, known);
    return known;
  }
}
