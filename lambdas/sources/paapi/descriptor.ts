import { classifyPaapi } from "../../core/failure-codes/paapi.ts";
import { SOURCE_ACCURACY } from "../../core/quality.ts";
import type { SourceDescriptor } from "../../core/source.ts";
import type { PaapiSecret } from "../../core/source-secrets/paapi.ts";
import { probeSource } from "../probe-source.ts";
import { createPaapiClient } from "./client.ts";
import { explain } from "./explain.ts";
import { facts } from "./facts.ts";

/** PA-API 5.0, retired and off unless a stage switches it on: its facts with its client. */
export const descriptor: SourceDescriptor<PaapiSecret> = {
  ...facts,
  fields: [
    "parent_asin",
    "title",
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
    "variants",
  ],
  accuracy: SOURCE_ACCURACY.paapi,
  cache_ttl: 3600,
  classify_error: classifyPaapi,
  create: createPaapiClient,
  probe: (client, marketplace) =>
    probeSource(client, marketplace, explain, "PA-API accepts the key and the partner tag."),
};
