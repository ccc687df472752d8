import { unsupportedMedia } from "../ingest-errors.ts";

const SAVE_AS_CSV = "Open it in the spreadsheet program, save the sheet as CSV (UTF-8) and upload that file.";
const UNPACK = "Unpack it and upload the CSV, NDJSON or JSON file itself.";
const EXPORT = "Export the list as CSV and upload that file.";

interface Signature {
  readonly bytes: readonly number[];
  readonly what: string;
  readonly fix: string;
}

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));

/** First bytes of the kinds of file that people mistake for a list. @see https://en.wikipedia.org/wiki/List_of_file_signatures */
const SIGNATURES: readonly Signature[] = [
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], what: "an old Excel workbook (.xls)", fix: SAVE_AS_CSV },
  { bytes: [0x1f, 0x8b], what: "compressed by gzip", fix: UNPACK },
  { bytes: ascii("BZh"), what: "compressed by bzip2", fix: UNPACK },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], what: "compressed by xz", fix: UNPACK },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: "compressed by zstd", fix: UNPACK },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], what: "a 7z archive", fix: UNPACK },
  { bytes: ascii("Rar!"), what: "a RAR archive", fix: UNPACK },
  { bytes: ascii("%PDF"), what: "a PDF document", fix: EXPORT },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: "a PNG picture", fix: EXPORT },
  { bytes: [0xff, 0xd8, 0xff], what: "a JPEG picture", fix: EXPORT },
  { bytes: ascii("GIF8"), what: "a GIF picture", fix: EXPORT },
  { bytes: ascii("PAR1"), what: "a Parquet file", fix: EXPORT },
  { bytes: ascii("SQLite format 3"), what: "a SQLite database", fix: EXPORT },
];

const startsWith = (head: Uint8Array, bytes: readonly number[]): boolean =>
  bytes.every((byte, index) => head[index] === byte);

/** Whether the zip holds an Office document; its part names stand in the clear near the start. */
const looksLikeWorkbook = (head: Uint8Array, fileName: string | undefined): boolean => {
  if (/\.(?:xlsx|xlsm|xlsb|ods|numbers)$/i.test(fileName ?? "")) return true;
  let text = "";
  for (const byte of head.subarray(0, 4096)) text += String.fromCharCode(byte);
  return text.includes("[Content_Types].xml") || text.includes("xl/") || text.includes("opendocument.spreadsheet");
};

/**
 * Refuses a file whose first bytes show that it is no text.
 * @param head first bytes of the file, 4 KB or all of it
 * @throws ValidationError 415 `unsupported_media_type` that says what to do instead
 */
export const refuseBinary = (head: Uint8Array, fileName: string | undefined): void => {
  if (startsWith(head, [0x50, 0x4b]) && [0x03, 0x05, 0x07].includes(head[2] ?? 0)) {
    if (looksLikeWorkbook(head, fileName))
      throw unsupportedMedia(`The file is an Excel workbook (.xlsx). ${SAVE_AS_CSV}`);
    throw unsupportedMedia(`The file is a zip archive. ${UNPACK}`);
  }
  const found = SIGNATURES.find(({ bytes }) => startsWith(head, bytes));
  if (found) throw unsupportedMedia(`The file is ${found.what}. ${found.fix}`);
};
