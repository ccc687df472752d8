import * as z from "zod";
import { AsinSchema } from "../../products/asin.ts";
import { MARKETPLACES, MarketplaceSchema } from "../../products/marketplaces.ts";

/** Longest id of a request, characters. */
const MAX_ID_CHARACTERS = 128;

/** Fields that several events have; each names its meaning once. */
export const EVENT_FIELDS = {
  asin: AsinSchema.describe("ASIN of the product.").meta({ examples: ["B0EXAMPLE1"] }),
  region: z
    .string()
    .describe("Shop of the product, by its host name.")
    .meta({ examples: ["www.amazon.com"] }),
  /** As requests name it: any form that `MarketplaceSchema` takes. */
  requested_region: MarketplaceSchema.describe(
    "Shop of the product: its host name, such as `www.amazon.com`, or its country, such as `US`.",
  ).meta({ enum: MARKETPLACES.flatMap(({ code, country }) => [code, country]) }),
  request_id: z
    .string()
    .regex(
      /^[\x21-\x7e]{1,128}$/,
      `must be 1 to ${MAX_ID_CHARACTERS} characters of ASCII without white space, such as a UUID`,
    )
    .describe("Id of the request that the product was enriched for; without one the tracking id of its run.")
    .meta({ examples: ["0f8b6a9e-3c51-4a54-8b8f-0a4f3f6d2b11"] }),
  retry_count: z.number().int().min(0).max(1_000_000),
  time: z.iso.datetime(),
  amount: z.string().describe("Decimal text, such as 60.02."),
  currency: z.string().length(3).describe("ISO 4217, such as EUR."),
} as const;
