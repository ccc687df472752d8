import * as z from "zod";
import { EVENT_NAMES } from "../common/core/contract/events/event-names.ts";
import { CRITICAL_FAILURES } from "../common/core/sources/critical-failures.ts";
import { backOffSeconds } from "../common/platform/sqs/back-off.ts";
import {
  createBatchHandler,
  type PartialBatchResponse,
  type RemainingTime,
} from "../common/platform/sqs/batch-handler.ts";
import type { RawRecord } from "../common/platform/sqs/queue-record.ts";
import type { Deps } from "./deps.ts";
import { downstreamEvents } from "./downstream-events.ts";
import { type OutcomeEvent, OutcomeEventSchema } from "./outcome-event.ts";

const QueueEventSchema = z.object({ Records: z.array(z.custom<RawRecord>()) });

/**
 * Reacts to outcomes: asks other systems for what comes next, and alerts of critical failures. They come by the queue where each
 * leads to requests, so that a large run does not take the account's concurrency, else one by one from the bus. Safe to repeat:
 * events have the same ids, and an alert may come twice, as everything from SNS may.
 * @throws Error when an event from the bus is no outcome, or something failed; Lambda tries again, and then keeps it on a queue
 */
export const createHandler = (deps: Deps) => {
  const { queue, log, meter } = deps;
  const consume =
    queue &&
    createBatchHandler(
      { queue, log, meter },
      {
        schema: OutcomeEventSchema,
        hidden: "invocation",
        logFields: ({ detail: { id, correlation_id } }) => ({ event_id: id, correlation_id }),
        backOffSeconds,
        work: { each: ({ message }) => react(deps, message) },
      },
    );
  return async (raw: unknown, context: RemainingTime): Promise<PartialBatchResponse | undefined> => {
    const records = QueueEventSchema.safeParse(raw);
    if (records.success) {
      if (consume) return consume(records.data, context);
      throw new Error("messages came by a queue, which this stage has with `downstream_events` only");
    }
    try {
      const parsed = OutcomeEventSchema.safeParse(raw);
      if (!parsed.success) throw new Error(`the event is no outcome of ours: ${z.prettifyError(parsed.error)}`);
      await react(deps, parsed.data);
      return undefined;
    } finally {
      meter.flush();
    }
  };
};

const react = async (deps: Deps, event: OutcomeEvent): Promise<void> => {
  // Both are tried, so that a topic that is away keeps no event back, nor the bus an alert.
  const results = await Promise.allSettled([
    deps.isDownstreamOn ? deps.bus.publish(downstreamEvents(event)) : undefined,
    alertIfCritical(deps, event),
  ]);
  for (const result of results) if (result.status === "rejected") throw result.reason;
};

const alertIfCritical = async ({ alerts, log }: Pick<Deps, "alerts" | "log">, event: OutcomeEvent): Promise<void> => {
  if (event["detail-type"] !== EVENT_NAMES.FAILED) return;
  const { asin, region, request_id, error_code, error_message, failed_at } = event.detail.data;
  if (!CRITICAL_FAILURES.includes(error_code)) return;
  const { correlation_id } = event.detail;
  await alerts.alert(`Enrichline: ${asin} failed with ${error_code}`, {
    ...{ asin, region, error_code, message: error_message, failed_at, request_id, correlation_id },
  });
  log.warn("an alert was sent of a critical failure", { asin, error_code, correlation_id });
};
