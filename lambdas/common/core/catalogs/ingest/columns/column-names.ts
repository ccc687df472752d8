import { quoted } from "../../../text/quoted.ts";
import { brokenCatalog } from "../ingest-errors.ts";
import { MAX_COLUMN_NAME_CHARACTERS, MAX_COLUMN_NAMES_BYTES } from "../ingest-limits.ts";

const utf8 = new TextEncoder();

const count = (value: number): string => value.toLocaleString("en-US");

/** Keeps the names of a catalog's columns to what its row can hold, as they turn up one by one. */
export class ColumnNames {
  #bytes = 0;

  /**
   * Counts one more column.
   * @throws ValidationError `column_name_too_long` or `column_names_too_long` that names the column and the fix
   */
  add(name: string): void {
    if (name.length > MAX_COLUMN_NAME_CHARACTERS) {
      throw brokenCatalog(
        "column_name_too_long",
        `The name of the column ${quoted(name)} has ${count(name.length)} characters, and ${MAX_COLUMN_NAME_CHARACTERS} are allowed: shorten the name, or leave the column out.`,
      );
    }
    this.#bytes += utf8.encode(name).length;
    if (this.#bytes > MAX_COLUMN_NAMES_BYTES) {
      throw brokenCatalog(
        "column_names_too_long",
        `With the column ${quoted(name)} the names of all columns take more than ${count(MAX_COLUMN_NAMES_BYTES)} bytes together: shorten the names, or leave out columns that are not needed.`,
      );
    }
  }
}
