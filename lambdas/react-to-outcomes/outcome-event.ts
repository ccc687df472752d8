import * as z from "zod";
import { eventDetail } from "../common/core/contract/events/event-detail.ts";
import { EVENT_NAMES, EVENT_SOURCE } from "../common/core/contract/events/event-names.ts";
import {
  ProductEnrichedSchema,
  ProductEnrichmentFailedSchema,
} from "../common/core/contract/events/product-outcomes.ts";

const source = z.literal(EVENT_SOURCE);

/** What EventBridge invokes the function with. Events of other names are none of ours to react to, its own among them. */
export const OutcomeEventSchema = z.discriminatedUnion("detail-type", [
  z.object({ source, "detail-type": z.literal(EVENT_NAMES.ENRICHED), detail: eventDetail(ProductEnrichedSchema) }),
  z.object({
    source,
    "detail-type": z.literal(EVENT_NAMES.FAILED),
    detail: eventDetail(ProductEnrichmentFailedSchema),
  }),
]);
export type OutcomeEvent = z.infer<typeof OutcomeEventSchema>;
