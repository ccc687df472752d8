import type { StateChange } from "../../../core/limiter/state-change.ts";

/**
 * A change of a breaker as the log has it. Its detail is left out, because it may repeat an upstream's words; the code says
 * the same, and `GET /quota` has both.
 */
export const changeFields = ({
  limitKey,
  failureCount,
  untilMs,
  pauseCode,
  detail: _detail,
  ...change
}: StateChange) => ({
  ...change,
  limit_key: limitKey,
  failure_count: failureCount,
  until_ms: untilMs,
  pause_code: pauseCode,
});
