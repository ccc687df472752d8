import * as z from "zod";
import { NOT_BLANK } from "../../text/not-blank.ts";
import { encodingNamed, TEXT_ENCODINGS } from "./formats/text-encoding.ts";
import { MAX_COLUMN_NAME_CHARACTERS } from "./ingest-limits.ts";
import type { IngestOptions } from "./ingest-options.ts";

/** The longest label of the Encoding Standard has 19 characters. */
const MAX_LABEL_CHARACTERS = 40;
const ColumnName = z.string().trim().min(1).max(MAX_COLUMN_NAME_CHARACTERS).meta(NOT_BLANK).optional();

/** An encoding under any of its usual names; parses to the name that ingest uses. */
const Encoding = z
  .string()
  .max(MAX_LABEL_CHARACTERS)
  .transform((label, context) => {
    const encoding = encodingNamed(label);
    if (encoding) return encoding;
    context.addIssue({
      code: "custom",
      message: `unknown encoding "${label}": use one of ${TEXT_ENCODINGS.join(", ")}`,
    });
    return z.NEVER;
  });

/** What a user may say about how a file is to be read, by the names of the wire. */
export const ReadingChoicesSchema = z.object({
  asin_column: ColumnName.describe("Column with the ASINs, when its name is not a known one.").meta({
    example: "Artikelkennung",
  }),
  url_column: ColumnName.describe("Column with the products' addresses, when its name is not a known one."),
  marketplace_column: ColumnName.describe("Column with the shop, when its name is not `marketplace`."),
  sku_column: ColumnName.describe("Column with your own product numbers, when its name is not `sku`."),
  encoding: Encoding.optional()
    .describe(
      `Encoding of the text: ${TEXT_ENCODINGS.join(", ")}. Absent: the file's content decides, and the report names a guess.`,
    )
    .meta({ type: "string", maxLength: MAX_LABEL_CHARACTERS, example: "windows-1252" }),
});
export type ReadingChoices = z.output<typeof ReadingChoicesSchema>;

const CHOICES = ReadingChoicesSchema.keyof().options;

/** Those of `fields` that say how a file is to be read; undefined when none does. */
export const readingChoices = (fields: ReadingChoices): ReadingChoices | undefined => {
  const chosen = CHOICES.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]] as const]));
  return chosen.length > 0 ? Object.fromEntries(chosen) : undefined;
};

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
