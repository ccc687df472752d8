import * as z from "zod";
import { EVENT_NAMES } from "../common/core/contract/events/event-names.ts";
import { CRITICAL_FAILURES } from "../common/core/sources/critical-failures.ts";
import type { Deps } from "./deps.ts";
import { downstreamEvents } from "./downstream-events.ts";
import { type OutcomeEvent, OutcomeEventSchema } from "./outcome-event.ts";

/**
 * Reacts to one outcome from the bus: asks other systems for what comes next, and alerts of a critical failure. Safe to repeat:
 * events have the same ids, and an alert may come twice, as everything from SNS may.
 * @throws Error when the event is no outcome, or something failed; Lambda tries again, and then keeps the event on a queue
 */
export const createHandler =
  (deps: Deps) =>
  async (raw: unknown): Promise<void> => {
    try {
      const parsed = OutcomeEventSchema.safeParse(raw);
      if (!parsed.success) throw new Error(`the event is no outcome of ours: ${z.prettifyError(parsed.error)}`);
      const event = parsed.data;
      // Both are tried, so that a topic that is away keeps no event back, nor the bus an alert.
      const results = await Promise.allSettled([
        deps.isDownstreamOn ? deps.bus.publish(downstreamEvents(event)) : undefined,
        alertIfCritical(deps, event),
      ]);
      for (const result of results) if (result.status === "rejected") throw result.reason;
    } finally {
      deps.meter.flush();
    }
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
