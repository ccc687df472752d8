import { unsupportedMedia } from "../ingest-errors.ts";

const SPREADSHEET = ["xlsx", "xls", "xlsm", "xlsb", "ods", "numbers"];
const PACKED = ["zip", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar"];
const OTHER = ["pdf", "png", "jpg", "jpeg", "gif", "doc", "docx", "parquet", "sqlite", "db", "html", "htm", "xml"];
const PACKED_TYPES =
  /^application\/(?:zip|x-zip-compressed|gzip|x-gzip|x-7z-compressed|x-tar|vnd\.rar|x-rar-compressed)$/;

/**
 * Refuses a file by its name or type before a byte of it is sent; what its bytes show is found out at ingest.
 * @throws ValidationError 415 `unsupported_media_type` that says what to do instead
 */
export const refuseFileName = (fileName: string, contentType: string | undefined): void => {
  const ending = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? "";
  if (SPREADSHEET.includes(ending)) {
    throw unsupportedMedia(
      `A spreadsheet (.${ending}) cannot be read. Open it, save the sheet as CSV (UTF-8) and upload that file.`,
    );
  }
  if (PACKED.includes(ending) || PACKED_TYPES.test(contentType?.trim().toLowerCase() ?? "")) {
    throw unsupportedMedia("The file is packed. Unpack it and upload the CSV, NDJSON or JSON file itself.");
  }
  if (OTHER.includes(ending)) {
    throw unsupportedMedia(`A .${ending} file cannot be read. Export the list as CSV and upload that file.`);
  }
};
