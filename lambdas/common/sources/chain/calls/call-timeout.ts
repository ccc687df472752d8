import type { RateLimit } from "../../../core/limiter/rate-limiter.ts";
import type { ReadySource } from "../chain-source.ts";

/** Share of the interval that a call may take where calls must not overlap; the rest covers closing and clocks. */
const PART_OF_INTERVAL = 0.95;

/**
 * Longest time of one call, in milliseconds: what the caller allows, and for a source with one request at a time no
 * longer than until the next slot. Slots keep the interval over all instances, so that is enough.
 */
export const callTimeoutMs = (
  { oneAtATime }: Pick<ReadySource["descriptor"], "oneAtATime">,
  limit: Pick<RateLimit, "callsPerSecond" | "allowanceShare">,
  allowedMs: number,
): number => {
  if (!oneAtATime) return allowedMs;
  return Math.min(allowedMs, Math.floor((1000 * PART_OF_INTERVAL) / (limit.callsPerSecond * limit.allowanceShare)));
};
