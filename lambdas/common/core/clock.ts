/** Time as the code sees it, so that tests can own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds; at once when `ms` ≤ 0. */
  sleep(ms: number): Promise<void>;
}

/** ISO-8601 UTC with milliseconds, the only form in which times are stored or shown. */
export const isoTime = (epochMs: number): string => new Date(epochMs).toISOString();

/** The earlier of two ISO times of which either may be without end. */
export const earlier = (one: string | null, other: string | null): string | null => {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
};
