import { ValidationError } from "../../errors.ts";
import type { IngestLimits } from "./ingest-limits.ts";

/** The file is of a kind that cannot be read: 415. `message` must say what to do instead. */
export const unsupportedMedia = (message: string): ValidationError =>
  new ValidationError(message, { code: "unsupported_media_type", status: 415 });

/** The file is of a readable kind but broken: 400 with a `code` of its own. */
export const brokenCatalog = (code: string, message: string, cause?: unknown): ValidationError =>
  new ValidationError(message, { code, cause });

const wayOut = (limits: IngestLimits): string =>
  limits.place === "request"
    ? "Send it as a file with POST /catalogs/uploads, which takes up to 1,000,000 rows."
    : "Split the file and upload the parts one after the other.";

const count = (value: number): string => value.toLocaleString("en-US");

/** More bytes than allowed: 413 that names the way out. */
export const tooManyBytes = (limits: IngestLimits): ValidationError =>
  new ValidationError(`The catalog is larger than ${count(limits.bytes)} bytes. ${wayOut(limits)}`, {
    code: "catalog_too_large",
    status: 413,
  });

/** More data rows than allowed: 413 that names the way out. */
export const tooManyRows = (limits: IngestLimits): ValidationError =>
  new ValidationError(`The catalog has more than ${count(limits.rows)} rows. ${wayOut(limits)}`, {
    code: "too_many_rows",
    status: 413,
  });

/** Nothing to work on: 400. */
export const emptyCatalog = (found: string): ValidationError =>
  brokenCatalog(
    "empty_file",
    `${found} Send a list of ASINs, one a line, or a table with a column named asin and at least one row.`,
  );
