import type { ColumnChoice } from "./columns/row-layout.ts";
import type { TextEncoding } from "./formats/text-encoding.ts";

/** Choices of the user about how rows are taken. */
export interface IngestOptions {
  /**
   * Whether an ISBN that lost its leading zeros in a spreadsheet is accepted with them put back.
   * @default false: the row is invalid and its reason gives the ISBN in full
   */
  readonly repairLeadingZeros?: boolean;
  /** Names of the user's columns for what is read, where they are not among the known ones. */
  readonly columns?: ColumnChoice;
  /**
   * Encoding of the text.
   * @default undefined: recognised by the content, UTF-8 unless it says otherwise
   */
  readonly encoding?: TextEncoding | undefined;
  /**
   * Shops, by code, of which nothing is taken: their rows are invalid.
   * @default none
   */
  readonly disabledShops?: ReadonlySet<string>;
}
