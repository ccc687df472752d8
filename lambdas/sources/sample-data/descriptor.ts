import { SOURCE_ACCURACY } from "../../core/quality.ts";
import type { SourceDescriptor } from "../../core/source.ts";
import { createSampleDataClient } from "./client.ts";
import { classifyError } from "./errors.ts";
import { facts } from "./facts.ts";

/**
 * Invented products for trying things out, off unless a stage switches it on. Its accuracy is 0, so that it never
 * raises quality, and products that carry any of it are marked `simulated`.
 */
export const descriptor: SourceDescriptor<null> = {
  ...facts,
  fields: [
    "title",
    "description",
    "brand",
    "features",
    "categories",
    "image_url",
    "images",
    "detail_page_url",
    "current_price",
    "original_price",
    "savings_amount",
    "savings_percentage",
    "currency",
    "condition",
    "availability_type",
    "availability_message",
    "star_rating",
    "customer_review_count",
  ],
  accuracy: SOURCE_ACCURACY["sample-data"],
  cache_ttl: 1800,
  classify_error: classifyError,
  create: createSampleDataClient,
  probe: async () => ({
    ok: true,
    reason: "Sample data is always there; it is invented and marked so.",
    next_step: "",
  }),
};
