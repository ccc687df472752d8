/**
 * What a failure means for the products of the call.
 * - `retriable`: may pass; retried after 30, 60, 120 s.
 * - `throttled`: our pace or quota; never counts against a product, the limiter learns from it.
 * - `permanent`: final at this source; the next source is still asked.
 * - `not_found`: permanent, and remembered for 24 h.
 * - `critical`: credentials or account; the source pauses, the chain continues.
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
  /** The table refuses the product as it is, now and later. */
  UNSTORABLE: "UNSTORABLE",
  /** A failure that no table knows. */
  INTERNAL: "InternalError",
  /** No source of the stage serves the product's shop. */
  NO_SOURCE_FOR_SHOP: "NoSourceForMarketplace",
  /** An operator has switched the product's shop off. */
  SHOP_OFF: "MarketplaceDisabled",
} as const;

/** Error codes of one source and what each means. */
export type FailureTable = Readonly<Record<string, FailureClass>>;

/**
 * Builds a source's `classifyError` from its table.
 * A code that the table does not know is `retriable`, like an internal error: unknown trouble may pass.
 */
export const classifyWith =
  (table: FailureTable) =>
  (code: string): FailureClass =>
    Object.hasOwn(table, code) ? (table[code] ?? "retriable") : "retriable";
