import * as z from "zod";

/** Products of one shop in one catalog: a segment of the NDJSON object that runs are cut from. */
export const CatalogSegmentSchema = z.object({
  marketplace: z.string(),
  /** Object key of the segment's NDJSON, one `{asin, sku?, line}` a line. */
  key: z.string(),
  /** Object key of its byte-offset index: `{every, offsets}`, the offset of each `every`-th row. */
  index_key: z.string(),
  products: z.number().int().min(0),
});
export type CatalogSegment = z.infer<typeof CatalogSegmentSchema>;
