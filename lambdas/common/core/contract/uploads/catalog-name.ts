import * as z from "zod";

/** Characters of a catalog's name. */
export const MAX_NAME_CHARACTERS = 200;

/** What trimming means to a document, which counts blanks as characters. */
export const NOT_BLANK = { pattern: "\\S" };

/** Name of a catalog as a request gives it. */
export const CatalogNameSchema = z.string().trim().min(1).max(MAX_NAME_CHARACTERS).meta(NOT_BLANK);
