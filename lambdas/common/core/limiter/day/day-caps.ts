import type { CallPriority, RateLimit } from "../rate-limiter.ts";

/** Share of the day, and of a token bucket, that only interactive look-ups and express runs may use. */
export const RESERVED_SHARE = 0.05;
/** Share of the day, and of a token bucket, that the refresh may use. */
export const REFRESH_SHARE = 0.3;
/** Keeps 0.3 × 10 from being rounded down to 2. */
const EPSILON = 1e-9;

const part = (whole: number, share: number): number => Math.floor(whole * share + EPSILON);

/** Most units used once a grant of a priority is counted: of all (`calls`) and of the refresh (`refresh`). */
export interface DayCaps {
  readonly calls: number;
  /** Infinite for everything but the refresh. */
  readonly refresh: number;
}

/** The day's caps for a priority; undefined when the source has no daily limit. */
export const dayCaps = (limit: RateLimit, priority: CallPriority): DayCaps | undefined => {
  if (limit.unitsPerDay === null) return undefined;
  const day = part(limit.unitsPerDay, limit.allowanceShare);
  const common = day - part(day, RESERVED_SHARE);
  const first = priority === "interactive" || priority === "express";
  return {
    calls: first ? day : common,
    refresh: priority === "refresh" ? part(day, REFRESH_SHARE) : Number.POSITIVE_INFINITY,
  };
};
