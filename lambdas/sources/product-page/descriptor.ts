import { classifyProductPage } from "../../core/failure-codes/product-page.ts";
import { SOURCE_ACCURACY } from "../../core/quality.ts";
import type { SourceDescriptor } from "../../core/source.ts";
import { probeSource } from "../probe-source.ts";
import { createProductPageClient } from "./client.ts";
import { explain } from "./explain.ts";
import { facts } from "./facts.ts";

/** The public product page, off unless a stage switches it on knowingly: its facts with its client. */
export const descriptor: SourceDescriptor<null> = {
  ...facts,
  fields: [
    "parent_asin",
    "title",
    "description",
    "brand",
    "manufacturer",
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
  accuracy: SOURCE_ACCURACY["product-page"],
  cache_ttl: 1800,
  classify_error: classifyProductPage,
  create: createProductPageClient,
  probe: (client, marketplace) =>
    probeSource(client, marketplace, explain, "The shop answers requests for product pages."),
};
