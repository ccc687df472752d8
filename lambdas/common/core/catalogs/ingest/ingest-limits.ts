/** How much one catalog may bring, and where it came in, so that the error can name the way out. */
export interface IngestLimits {
  /** Most bytes of the file as sent. */
  readonly bytes: number;
  /** Most data rows; blank ones don't count. */
  readonly rows: number;
  /** `request`: in the body of the call; `upload`: a file put by its presigned address. */
  readonly place: "request" | "upload";
}

/** A catalog in the body of `POST /catalogs`; it must be judged within the call. */
export const REQUEST_LIMITS: IngestLimits = { bytes: 1_048_576, rows: 20_000, place: "request" };

/** A catalog file uploaded by `POST /catalogs/uploads`: a million rows of up to about 1 KB each. */
export const UPLOAD_LIMITS: IngestLimits = { bytes: 1_073_741_824, rows: 1_000_000, place: "upload" };

/** Characters of one cell. A spreadsheet cell holds 32,767 at most, so a longer one is damage or an attack. */
export const MAX_CELL_CHARACTERS = 102_400;
/** Bytes of one record; bounds the memory that a quote which is never closed can take. */
export const MAX_RECORD_BYTES = 1_048_576;
/** Columns of one file. */
export const MAX_COLUMNS = 500;
/** Characters of one column's name. */
export const MAX_COLUMN_NAME_CHARACTERS = 200;
/** Bytes (UTF-8) of all column names together: they live on the catalog's row, of which DynamoDB takes 400 KB. */
export const MAX_COLUMN_NAMES_BYTES = 65_536;
/** Characters of an SKU. Fifty of them travel in one queue message; Amazon's own limit is 40. */
export const MAX_SKU_CHARACTERS = 200;
/** Characters that rows with several products may repeat of their other cells, all rows of one record together. */
export const MAX_REPEATED_CHARACTERS = 1_048_576;
/** Rejected rows that the report itself carries; the rest are in the rejects file. */
export const REPORTED_REJECTS = 100;
/** Characters of a rejected row's value that are shown. */
export const SHOWN_VALUE_CHARACTERS = 100;
