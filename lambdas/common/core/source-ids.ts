import * as z from "zod";

/** Every source, in the order in which a fresh stage asks them. */
export const SOURCE_IDS = ["creators-api", "paapi", "sp-api", "keepa", "product-page", "sample-data"] as const;

/** Id of one upstream. The same word in settings, tables, metrics, the API and the console. */
export const SourceIdSchema = z.enum(SOURCE_IDS);
export type SourceId = z.infer<typeof SourceIdSchema>;
