import * as z from "zod";
import { EVENT_FIELDS } from "./event-fields.ts";

/** What may be asked for beside the product itself. */
const IncludedSchema = z.enum(["variations"]);

/** Data of `ProductEnrichmentRequested`: what the sender asks for. */
export const EnrichmentRequestSchema = z
  .object({
    asin: EVENT_FIELDS.asin,
    region: EVENT_FIELDS.requested_region,
    request_id: EVENT_FIELDS.request_id.describe(
      "Id that the sender gives. It is in the answer, and the same request a second time enriches nothing.",
    ),
    retry_count: EVENT_FIELDS.retry_count
      .default(0)
      .describe("How often the sender has asked before; a request with a higher count is enriched again."),
    include: z
      .union([IncludedSchema, z.array(IncludedSchema), z.literal("none")])
      .default("variations")
      .describe('What to fetch beside the product. Absent: its colour variants; `[]` or "none": nothing.'),
  })
  .meta({
    id: "ProductEnrichmentRequested",
    description:
      "A product is to be enriched. Put it on the bus; the answer is ProductEnriched or ProductEnrichmentFailed.",
  });
export type EnrichmentRequest = z.output<typeof EnrichmentRequestSchema>;

/** Whether the colour variants are asked for. */
export const wantsVariations = ({ include }: Pick<EnrichmentRequest, "include">): boolean =>
  include === "variations" || (Array.isArray(include) && include.includes("variations"));
