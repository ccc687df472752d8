import { METRICS } from "../core/metric-names.ts";
import type { Meter } from "./metrics.ts";

/**
 * Counts a call of the schedule, for a function that others call too: of Lambda's own count nobody could tell whether the schedule
 * still calls. Written at once, so that a call counts whatever becomes of it.
 */
export const countScheduledCall = (meter: Pick<Meter, "count" | "flush">): void => {
  meter.count(METRICS.SCHEDULED_CALLS, 1);
  meter.flush();
};
