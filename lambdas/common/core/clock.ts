/** Time as the code sees it, so that tests can own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; at once when `ms` ≤ 0. */
  sleep(ms: number): Promise<void>;
}

/** ISO-8601 UTC with milliseconds, the only form in which times are stored or shown. */
export const isoTime = (epochMs: number): string => new Date(epochMs).toISOString();
