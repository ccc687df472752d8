import { ENRICHMENT_COLUMNS } from "./enrichment-cells.ts";

/** Column names are distinguished as spreadsheets and databases do it: white space around them and letter case aside. */
const plain = (name: string): string => name.trim().toLowerCase();

/** Takes `name`, or the first of `name_2`, `name_3`, … that is free. */
const takeFree = (name: string, taken: Set<string>): string => {
  let free = name;
  for (let n = 2; taken.has(plain(free)); n += 1) free = `${name}_${n}`;
  taken.add(plain(free));
  return free;
};

/** Name of a column that the user did not name, from its place (from 0). */
const placeName = (index: number): string => `column_${index + 1}`;

/** Names of all columns of an export. */
export interface ColumnNames {
  /** The user's, as they are, then `column_<n>` for cells beyond them. */
  readonly own: readonly string[];
  /** Ours, one for each of `ENRICHMENT_COLUMNS`; `enrichline_…` where the user has a column of that name. */
  readonly added: readonly string[];
}

/**
 * Names the columns of a CSV export: the user's own unchanged, whatever they are, for it is their file.
 * @param width cells of the widest row
 */
export const csvColumnNames = (columns: readonly string[], width: number): ColumnNames => {
  const taken = new Set(columns.map(plain));
  const own = [...columns];
  while (own.length < width) own.push(takeFree(placeName(own.length), taken));
  return { own, added: addedNames(taken) };
};

const addedNames = (taken: Set<string>): string[] =>
  ENRICHMENT_COLUMNS.map((name) => takeFree(taken.has(name) ? `enrichline_${name}` : name, taken));

/**
 * Keys of the objects of a JSON export. An object cannot hold a key twice, so a second column of a name gets `_2`, and
 * one without a name its place.
 */
export class JsonKeys {
  readonly added: readonly string[];
  readonly #own: string[] = [];
  readonly #taken = new Set<string>();

  constructor(columns: readonly string[]) {
    for (const name of columns) {
      if (name.trim() !== "" && !this.#taken.has(plain(name))) {
        this.#taken.add(plain(name));
        this.#own.push(name);
      } else {
        this.#own.push("");
      }
    }
    // Names that are unique keep theirs; only then are others found for the rest.
    columns.forEach((name, index) => {
      if (this.#own[index] === "") {
        this.#own[index] = takeFree(name.trim() === "" ? placeName(index) : name, this.#taken);
      }
    });
    this.added = addedNames(this.#taken);
  }

  /** Key of the user's cell at `index` (from 0), also beyond the named columns. */
  own(index: number): string {
    while (this.#own.length <= index) this.#own.push(takeFree(placeName(this.#own.length), this.#taken));
    return this.#own[index] ?? "";
  }
}

/** Our columns now, and as they were before exports named the end of what is in them. */
const LAYOUTS: readonly (readonly string[])[] = [
  ENRICHMENT_COLUMNS,
  ENRICHMENT_COLUMNS.filter((name) => name !== "valid_until"),
];

/** Whether a column of an export is this one of ours: named as it is, set apart from the user's, or numbered. */
const isAddedName = (name: string, own: string): boolean => {
  const plainName = plain(name).replace(/_\d+$/, "");
  return plainName === own || plainName === `enrichline_${own}`;
};

/** Says whether a file with these columns is one of our CSV exports: ours come last, in their order. */
export const isExport = (columns: readonly string[]): boolean =>
  LAYOUTS.some((layout) => {
    const last = columns.slice(-layout.length);
    return last.length === layout.length && layout.every((own, index) => isAddedName(last[index] ?? "", own));
  });
