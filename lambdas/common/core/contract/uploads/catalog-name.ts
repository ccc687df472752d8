import * as z from "zod";
import { NOT_BLANK } from "../../text/not-blank.ts";

/** Characters of a catalog's name. */
export const MAX_NAME_CHARACTERS = 200;

/** Name of a catalog as a request gives it. */
export const CatalogNameSchema = z.string().trim().min(1).max(MAX_NAME_CHARACTERS).meta(NOT_BLANK);
