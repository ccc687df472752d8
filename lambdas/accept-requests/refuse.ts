import { isoTime } from "../common/core/clock.ts";
import { EVENT_NAMES, REFUSED_REQUEST } from "../common/core/contract/events/event-names.ts";
import type { OutgoingEvent } from "../common/core/contract/events/outgoing-event.ts";
import { METRICS } from "../common/core/metric-names.ts";
import { boundedText } from "../common/core/text/bounded-text.ts";
import type { QueueRecord } from "../common/platform/sqs/queue-record.ts";
import type { Deps } from "./deps.ts";
import type { Given, RequestMessage } from "./request-message.ts";

/** A request that is not worked on. */
export interface Refused {
  readonly record: QueueRecord<RequestMessage>;
  /** Names the field and the fix. */
  readonly reason: string;
  readonly given: Given;
}

/** Longest reason that is logged and answered, in bytes: the bus takes 256 kB with everything. */
const MAX_REASON_BYTES = 2_048;

/**
 * Refuses requests: each is logged and counted, and its sender gets the reason as `ProductEnrichmentFailed`, if it gave an id
 * that can be answered.
 * @throws TransientError when the bus does not take the answers; they have the same ids the next time
 */
export const refuse = async (deps: Pick<Deps, "bus" | "clock" | "log" | "meter">, given: readonly Refused[]) => {
  if (given.length === 0) return;
  const refused = given.map((one) => ({ ...one, reason: boundedText(one.reason, MAX_REASON_BYTES) }));
  const now = isoTime(deps.clock.now());
  await deps.bus.publish(refused.flatMap((one) => answerTo(one, now)));
  deps.meter.count(METRICS.REQUESTS_REFUSED, refused.length);
  for (const { record, reason, given } of refused) {
    deps.log.warn("a request is refused", { event_id: record.message.id, request_id: given.request_id ?? "-", reason });
  }
};

const answerTo = ({ record, reason, given }: Refused, now: string): OutgoingEvent[] => {
  const { asin, region, request_id, retry_count } = given;
  if (request_id === undefined) return [];
  return [
    {
      name: EVENT_NAMES.FAILED,
      identity: ["refused", record.message.id],
      time: now,
      correlation_id: request_id,
      data: {
        ...{ asin, region, request_id, retry_count },
        ...{ error_code: REFUSED_REQUEST, error_message: reason, failed_at: now },
      },
    },
  ];
};
