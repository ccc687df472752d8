import * as z from "zod";
import { EVENT_FIELDS } from "./event-fields.ts";

/** One colour variant, as far as an archive of events may keep it. */
const ColorVariantSchema = z.object({
  asin: EVENT_FIELDS.asin.describe("ASIN of the variant."),
  color_name: z
    .string()
    .nullable()
    .describe("Colour in the shop's words; null where the licence of its source does not let events carry it."),
});

/** Data of `ProductEnriched`. */
export const ProductEnrichedSchema = z
  .object({
    asin: EVENT_FIELDS.asin,
    region: EVENT_FIELDS.region,
    request_id: EVENT_FIELDS.request_id,
    color_variants: z
      .array(ColorVariantSchema)
      .nullable()
      .describe("Its colour variants, 200 at most; null: they were not asked for, or no source had any."),
    processing_ms: z
      .number()
      .int()
      .min(0)
      .nullable()
      .describe("Milliseconds from the beginning of the work on it to its record; null: not measured."),
    enriched_at: EVENT_FIELDS.time.describe("When it was recorded. Read the product by the API from then on."),
  })
  .meta({
    id: "ProductEnriched",
    description: "A product was enriched and stored. It names the product; what was found is read by the API.",
  });
export type ProductEnriched = z.infer<typeof ProductEnrichedSchema>;

/** Data of `ProductEnrichmentFailed`. */
export const ProductEnrichmentFailedSchema = z
  .object({
    asin: z.string().max(128).describe("ASIN of the product; of a refused request what it gave."),
    region: z.string().max(128).describe("Shop of the product; of a refused request what it gave."),
    request_id: EVENT_FIELDS.request_id,
    error_code: z
      .string()
      .describe("Code of the failure, as in the catalog's failures; `InvalidRequest`: the request was refused."),
    error_message: z.string().describe("The failure in words."),
    failed_at: EVENT_FIELDS.time.describe("When it failed for good."),
    retry_count: EVENT_FIELDS.retry_count.describe("Retries so far: those of the sender and our own."),
  })
  .meta({
    id: "ProductEnrichmentFailed",
    description: "A product could not be enriched, and is not tried again by itself.",
  });
export type ProductEnrichmentFailed = z.infer<typeof ProductEnrichmentFailedSchema>;
