/**
 * What a failure means for the products it touches.
 * - `retriable`: may pass; retried after 30, 60, 120 s.
 * - `throttled`: our pace or quota; never held against a product, the limiter learns from it.
 * - `permanent`: final at this source; the next source is still asked.
 * - `not_found`: permanent, and remembered for 24 h.
 * - `critical`: credentials or account; the source pauses, the chain goes on.
 */
export type FailureClass = "retriable" | "throttled" | "permanent" | "not_found" | "critical";

/** Codes that Enrichline itself gives to a failed product. */
export const OWN_CODES = {
  /** No source had even a title. */
  NOT_FOUND: "NotFound",
  /** A retriable failure that did not pass after three retries. */
  RETRIES_EXHAUSTED: "RetriesExhausted",
  /** The batch made no progress after five resends. */
  DEAD_LETTERED: "DEAD_LETTERED",
  /** A failure that no table knows. */
  INTERNAL: "InternalError",
} as const;
