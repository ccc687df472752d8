import * as z from "zod";

const Count = z.number().int().min(0);
const Ms = z.number();

/**
 * The one item of a limit key in `upstream-limits`: slot, day, breaker and token balance. It stays under 1 KB, so that
 * every reservation costs one write unit. An absent attribute means none: no pause, no failures, ….
 */
export const LimitItemSchema = z.object({
  /** `source#account[#operation]`. */
  limit_key: z.string(),
  /** Earliest time of the next slot; moves back only when the last slot granted is given back unused. */
  next_free_ms: Ms,
  /** Writer's clock at the last grant; callers with a slow clock correct themselves by it. */
  stamped_ms: Ms,
  /** The same of the last grant to express work. */
  express_ms: Ms.optional(),
  /** Quarter hour (since the epoch) into which grants count now. */
  quota_day: z.number().int(),
  /** Units granted in the day's window, this quarter hour included. */
  calls_used: Count,
  /** Earlier quarter hours of the window, see `encodeHistory`. */
  day_history: z.string(),
  /** As `calls_used`, for the refresh only. */
  refresh_used: Count,
  /** Earlier whole hours of the refresh's window. */
  refresh_history: z.string(),
  /** Distance between slots beyond the interval, in milliseconds. */
  guard_ms: z.number().positive(),
  /** Least guard since the last 429 that nothing explained, in milliseconds. */
  guard_floor_ms: z.number().positive().optional(),
  /** Call whose 429 set that floor. */
  guard_floor_sequence: Count.optional(),
  /** Quickest round trip to the source in this quarter hour, in milliseconds. */
  round_trip_ms: Count.optional(),
  /** The same of the quarter hour before. */
  last_round_trip_ms: Count.optional(),
  /** Sum of the milliseconds by which late arrivals have moved all slots after theirs. */
  shifted_ms: Count.optional(),
  /** Newest call that arrived later than the guard allows. */
  late_sequence: Count.optional(),
  /** Newest slot that was given back unused. */
  returned_sequence: Count.optional(),
  /** Rate that the source announced, calls per second; present when it is lower than ours. */
  announced_rate: z.number().positive().optional(),
  breaker: z.enum(["closed", "open", "half-open"]),
  /** Rises with every change of the breaker; reports from earlier epochs are void. */
  epoch: Count,
  /** Rises with every grant. */
  sequence: Count,
  /** Units granted ever; the difference of two readings is what was granted between a call and its report. */
  units_granted: Count,
  /** Last failures, at most five: `sequence@ms,…`. */
  failures: z.string().optional(),
  /** Failures since the last success. */
  failure_count: Count.optional(),
  /** 429s since the last success. */
  throttles: Count.optional(),
  /** Pauses for throttling since the last success. */
  pauses: Count.optional(),
  /** Newest call whose success cleared failures; older failures are stale. */
  success_sequence: Count.optional(),
  /** End of the cool-down while open. */
  open_until_ms: Ms.optional(),
  /** Why the source is paused; present only while it is. */
  pause_code: z.string().optional(),
  pause_detail: z.string().optional(),
  probe_owner: z.string().optional(),
  /** From then on the owner of the probe counts as crashed. */
  probe_deadline_ms: Ms.optional(),
  /** End of the silence after a 429; slots before it are void. */
  quiet_until_ms: Ms.optional(),
  /** Balance of the source's token bucket at `tokens_at_ms`, less the units granted since; may be negative. */
  tokens: z.number().optional(),
  tokens_at_ms: Ms.optional(),
  /** Next refill of the bucket. */
  refill_at_ms: Ms.optional(),
  /** Tokens a refill adds; there is one refill a minute. */
  refill_per_minute: z.number().min(0).optional(),
  /** Sequence of the call whose answer gave the balance. */
  tokens_sequence: Count.optional(),
});
export type LimitItem = z.infer<typeof LimitItemSchema>;
