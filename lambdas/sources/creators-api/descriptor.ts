import { classifyCreatorsApi } from "../../core/failure-codes/creators-api.ts";
import { SOURCE_ACCURACY } from "../../core/quality.ts";
import type { SourceDescriptor } from "../../core/source.ts";
import type { CreatorsApiSecret } from "../../core/source-secrets/creators-api.ts";
import { probeSource } from "../probe-source.ts";
import { createCreatorsApiClient } from "./client.ts";
import { explain } from "./explain.ts";
import { facts } from "./facts.ts";

/** Amazon's Creators API, the first source: its facts with its client. */
export const descriptor: SourceDescriptor<CreatorsApiSecret> = {
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
  accuracy: SOURCE_ACCURACY["creators-api"],
  cache_ttl: 3600,
  classify_error: classifyCreatorsApi,
  create: createCreatorsApiClient,
  probe: (client, marketplace) =>
    probeSource(client, marketplace, explain, "The Creators API accepts the credentials and answers."),
};
