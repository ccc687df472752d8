import * as z from "zod";

/** A time as rows have it: ISO-8601 UTC, as `isoTime` writes it. */
export const IsoTimeSchema = z.iso.datetime();
