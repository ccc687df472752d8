import type { StateChange } from "../../../core/limiter/state-change.ts";

/** A change of a breaker as the log has it. */
export const changeFields = ({ limitKey, failureCount, untilMs, pauseCode, ...change }: StateChange) => ({
  ...change,
  limit_key: limitKey,
  failure_count: failureCount,
  until_ms: untilMs,
  pause_code: pauseCode,
});
