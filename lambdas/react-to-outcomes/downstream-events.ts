import { EVENT_NAMES } from "../common/core/contract/events/event-names.ts";
import type { OutgoingEvent } from "../common/core/contract/events/outgoing-event.ts";
import { isAsin } from "../common/core/products/asin.ts";
import type { OutcomeEvent } from "./outcome-event.ts";

/**
 * What other systems are asked for after an outcome. Each names the product; none carries what a source said of it. They are
 * made of the outcome's own id, so a second delivery makes the same events.
 */
export const downstreamEvents = (event: OutcomeEvent): OutgoingEvent[] => {
  const { id, time, correlation_id } = event.detail;
  const about = { identity: [id], time, correlation_id };
  if (event["detail-type"] === EVENT_NAMES.FAILED) {
    const { asin, region, request_id, error_code, failed_at } = event.detail.data;
    // A refused request may name no product at all.
    if (!isAsin(asin)) return [];
    const outcome = { outcome: "failed", error_code, processing_ms: null, recorded_at: failed_at } as const;
    return [{ name: EVENT_NAMES.ANALYTICS_RECORDED, ...about, data: { asin, region, request_id, ...outcome } }];
  }
  const { asin, region, request_id, processing_ms, enriched_at } = event.detail.data;
  const product = { asin, region, request_id };
  const outcome = { outcome: "enriched", error_code: null, processing_ms, recorded_at: enriched_at } as const;
  return [
    { name: EVENT_NAMES.CONTENT_REQUESTED, ...about, data: { ...product, type: "enhanced" } },
    { name: EVENT_NAMES.ASSESSMENT_REQUESTED, ...about, data: { ...product, reason: "post-enrichment" } },
    { name: EVENT_NAMES.ANALYTICS_RECORDED, ...about, data: { ...product, ...outcome } },
  ];
};
