import { layoutOf } from "../columns/row-layout.ts";
import { brokenCatalog, unsupportedMedia } from "../ingest-errors.ts";

/** Forms in which a catalog is read. */
export type CatalogFormat = "csv" | "ndjson" | "json";

/** Content types that a catalog may come with, each with the format that it claims; undefined: it claims none. */
export const CATALOG_TYPES: readonly (readonly [type: string, format: CatalogFormat | undefined])[] = [
  ["application/json", "json"],
  ["text/json", "json"],
  // First of its kind: API Gateway hands text/* on as UTF-8, which damages other encodings.
  ["application/csv", "csv"],
  ["text/csv", "csv"],
  ["text/x-csv", "csv"],
  ["text/tab-separated-values", "csv"],
  // Windows browsers give a .csv file the type of the program that opens it.
  ["application/vnd.ms-excel", "csv"],
  ["application/x-ndjson", "ndjson"],
  ["application/ndjson", "ndjson"],
  ["application/jsonl", "ndjson"],
  ["application/x-jsonlines", "ndjson"],
  ["application/jsonlines", "ndjson"],
  ["application/octet-stream", undefined],
  ["binary/octet-stream", undefined],
  ["application/unknown", undefined],
  ["text/plain", undefined],
];
const BY_TYPE = new Map(CATALOG_TYPES);
const BY_ENDING = new Map<string, CatalogFormat>([
  ["csv", "csv"],
  ["tsv", "csv"],
  ["tab", "csv"],
  ["json", "json"],
  ["ndjson", "ndjson"],
  ["jsonl", "ndjson"],
]);
const ACCEPTED = "Send CSV (application/csv), NDJSON (application/x-ndjson) or JSON (application/json).";

/**
 * The format that the content type claims; undefined when it claims none.
 * @throws ValidationError 415 `unsupported_media_type` for a type that no catalog has
 */
export const claimedFormat = (contentType: string | undefined): CatalogFormat | undefined => {
  const type = (contentType ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type === "" || BY_TYPE.has(type)) return BY_TYPE.get(type);
  if (type.includes("spreadsheet") || type.includes("excel")) {
    throw unsupportedMedia("A spreadsheet cannot be read. Save the sheet as CSV (UTF-8) and upload that file.");
  }
  if (type === "multipart/form-data" || type === "application/x-www-form-urlencoded") {
    throw unsupportedMedia(`A form cannot be read: the file itself must be the body. ${ACCEPTED}`);
  }
  throw unsupportedMedia(`The content type ${type.slice(0, 80)} cannot be read. ${ACCEPTED}`);
};

const endingOf = (fileName: string | undefined): CatalogFormat | undefined =>
  BY_ENDING.get(/\.([a-z]+)$/i.exec(fileName ?? "")?.[1]?.toLowerCase() ?? "");

/** Whether one of the object's own values is a list, and none of its keys names a product: a document, but not ours. */
const isOtherDocument = (value: object): boolean =>
  Object.values(value).some(Array.isArray) && layoutOf(Object.keys(value)).products.length === 0;

/** What a text that starts with `{` is: NDJSON when its first line is an object and no document. */
const documentOrLines = (text: string): CatalogFormat => {
  const end = text.search(/[\r\n]/);
  const line = end < 0 ? text : text.slice(0, end);
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return "ndjson";
    if ("products" in value || "asins" in value) return "json";
    const isAlone = end < 0 || text.slice(end).trim() === "";
    return isAlone && isOtherDocument(value) ? "json" : "ndjson";
  } catch {
    // The object continues after the line, or past what is read here: one document.
    return "json";
  }
};

/**
 * Tells the format by the content, with the content type and the file's ending as hints.
 * @param head first characters of the text, without a byte-order mark
 * @throws ValidationError 400 `malformed_json` when JSON is claimed and the text is none; 415 for a web page
 */
export const recogniseFormat = (
  head: string,
  contentType: string | undefined,
  fileName: string | undefined,
): CatalogFormat => {
  const claimed = claimedFormat(contentType);
  const text = head.trimStart();
  if (/^<(?:!doctype|html|\?xml)/i.test(text)) {
    throw unsupportedMedia(`The file is a web page or XML, not a list. ${ACCEPTED}`);
  }
  if (claimed === "ndjson") return "ndjson";
  if (text.startsWith("[")) return "json";
  if (text.startsWith("{")) {
    if (claimed === "json") return "json";
    return claimed === undefined && endingOf(fileName) === "ndjson" ? "ndjson" : documentOrLines(text);
  }
  if (claimed === "json") {
    throw brokenCatalog(
      "malformed_json",
      "The content type says JSON, but the text starts with neither { nor [. Send CSV as application/csv, or fix the JSON.",
    );
  }
  return claimed === undefined && endingOf(fileName) === "ndjson" ? "ndjson" : "csv";
};
