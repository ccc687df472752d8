import { classifySpApi } from "../../core/failure-codes/sp-api.ts";
import { SOURCE_ACCURACY } from "../../core/quality.ts";
import type { SourceDescriptor } from "../../core/source.ts";
import type { SpApiSecret } from "../../core/source-secrets/sp-api.ts";
import { probeSource } from "../probe-source.ts";
import { createSpApiClient } from "./client.ts";
import { explain } from "./explain.ts";
import { facts } from "./facts.ts";

/** SP-API: its facts with its client. */
export const descriptor: SourceDescriptor<SpApiSecret> = {
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
  ],
  accuracy: SOURCE_ACCURACY["sp-api"],
  cache_ttl: 1800,
  classify_error: classifySpApi,
  create: createSpApiClient,
  probe: (client, marketplace) =>
    probeSource(client, marketplace, explain, "SP-API accepts the credentials and answers."),
};
