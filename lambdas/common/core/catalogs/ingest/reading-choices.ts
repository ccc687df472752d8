import * as z from "zod";
import { TEXT_ENCODINGS } from "./formats/text-encoding.ts";
import { MAX_COLUMN_NAME_CHARACTERS } from "./ingest-limits.ts";
import type { IngestOptions } from "./ingest-options.ts";

const ColumnName = z.string().trim().min(1).max(MAX_COLUMN_NAME_CHARACTERS).optional();

/** What a user may say about how a file is to be read, by the names of the wire. */
export const ReadingChoicesSchema = z.object({
  asin_column: ColumnName.describe("Name of the column with the ASINs, when it is none of the known ones."),
  url_column: ColumnName.describe("Name of the column with the products' addresses."),
  marketplace_column: ColumnName.describe("Name of the column with the shop."),
  sku_column: ColumnName.describe("Name of the column with your own article numbers."),
  encoding: z
    .enum(TEXT_ENCODINGS)
    .optional()
    .describe("How the text is written; told by the file itself when absent, and then a guess is reported."),
});
export type ReadingChoices = z.infer<typeof ReadingChoicesSchema>;

/** The choices as ingest takes them. */
export const readingOptions = (choices: ReadingChoices | undefined): IngestOptions =>
  choices
    ? {
        columns: {
          asin: choices.asin_column,
          url: choices.url_column,
          marketplace: choices.marketplace_column,
          sku: choices.sku_column,
        },
        encoding: choices.encoding,
      }
    : {};
