import { classifyKeepa } from "../../core/failure-codes/keepa.ts";
import { SOURCE_ACCURACY } from "../../core/quality.ts";
import type { SourceDescriptor } from "../../core/source.ts";
import type { KeepaSecret } from "../../core/source-secrets/keepa.ts";
import { probeSource } from "../probe-source.ts";
import { createKeepaClient } from "./client.ts";
import { explain } from "./explain.ts";
import { facts } from "./facts.ts";

/** Keepa: its facts with its client. */
export const descriptor: SourceDescriptor<KeepaSecret> = {
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
    "variants",
  ],
  accuracy: SOURCE_ACCURACY.keepa,
  cache_ttl: 1800,
  classify_error: classifyKeepa,
  create: createKeepaClient,
  probe: (client, marketplace) => probeSource(client, marketplace, explain, "Keepa accepts the key and answers."),
};
