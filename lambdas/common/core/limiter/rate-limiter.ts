import type { LimitSignals } from "./limit-signals.ts";

/** Kind of work that needs the call. It decides which share of the day it may use and how far ahead a slot may lie. */
export type CallPriority = "bulk" | "express" | "interactive" | "refresh";

/** The limit of one limit key. */
export interface RateLimit {
  /** Key in `upstream-limits`: `source#account[#operation]`. */
  readonly limitKey: string;
  readonly callsPerSecond: number;
  /** Units a day; null: no daily limit. */
  readonly unitsPerDay: number | null;
  /** Share of pace, day and token bucket that Enrichline may use, 0 to 1; the owner's other tools use the rest. */
  readonly allowanceShare: number;
  /**
   * Zone of the source's day, where it states one: IANA name or UTC offset (`+02:00`). The day begins at local
   * midnight. Absent: a rolling 24 h.
   */
  readonly dayZone?: string;
}

/** Code of a pause after nothing but 429s. Every source explains it, as it explains its own codes. */
export const THROTTLED = "throttled";

/** Why no slot was granted. */
export type RefusalReason = "rate" | "daily-quota" | "circuit-open" | "paused";

/** A request for a slot. */
export interface ReserveRequest {
  readonly priority: CallPriority;
  /** How far ahead of now the slot may lie, in milliseconds. */
  readonly horizonMs: number;
  /** Units of the day that the call costs. */
  readonly units: number;
  /** Least time to get ready between the grant and the slot, in milliseconds. @default 0 */
  readonly readyMs?: number;
}

/** A granted slot. Start the call at `atMs`, not before, and not later than `atMs + guardMs`. */
export interface Slot {
  readonly granted: true;
  readonly limitKey: string;
  readonly atMs: number;
  readonly guardMs: number;
  readonly grantedAtMs: number;
  /** `shifted_ms` of the item that `atMs` takes into account. */
  readonly shiftedMs: number;
  /** Breaker epoch under which it was granted; reports carry it back. */
  readonly epoch: number;
  /** Order of grants within the key; shows which reports are stale. */
  readonly sequence: number;
  /** Set when this call is the breaker's probe. */
  readonly probeOwner?: string;
}

/** The answer when no slot is granted. */
export interface Refusal {
  readonly granted: false;
  readonly reason: RefusalReason;
  /** Epoch milliseconds from which a new request makes sense. */
  readonly retryAtMs: number;
  /** Why the source is paused: its own code, or `THROTTLED`. */
  readonly code?: string;
  /** Text for the status, when an error paused the source. */
  readonly detail?: string;
}

/** How late a call started, and what its answer shows of its arrival at the source. */
export interface CallTiming {
  /** Milliseconds after its slot at which the request was sent. */
  readonly latenessMs: number;
  /** From sending to the head of the answer; absent: unknown, or of an answer that is quicker than others by nature. */
  readonly roundTripMs?: number;
  /**
   * Most of a round trip beyond the quickest that can be due to the network, by what opening connections showed; the
   * rest is the source's own. Absent: unknown.
   */
  readonly networkMs?: number;
}

/** How a call ended, as far as the limiter needs it. */
export type CallOutcome =
  | ({ readonly kind: "success"; readonly signals: LimitSignals } & CallTiming)
  | { readonly kind: "throttled"; readonly signals: LimitSignals }
  | { readonly kind: "unhealthy"; readonly signals: LimitSignals }
  | { readonly kind: "critical"; readonly code: string; readonly message: string };

/** The state of a limit key, for `GET /quota` and the status. */
export interface LimitState {
  readonly limitKey: string;
  readonly callsPerSecond: number;
  readonly usedToday: number;
  /** Null: no daily limit. */
  readonly leftToday: number | null;
  readonly breaker: "closed" | "open" | "half-open";
  /** Epoch ms until which no call starts, for any reason; null when calls may start. */
  readonly blockedUntilMs: number | null;
  readonly blockedReason: RefusalReason | null;
  readonly blockedDetail: string | null;
  /** Why the source is paused: its own code, or `THROTTLED`; absent: it is not paused. */
  readonly pauseCode?: string;
  /** 429s since the last success; absent: none. */
  readonly throttles?: number;
  /**
   * Last known balance of the source's token bucket, less the share of a full one that other tools have. Absent: the
   * source has no bucket, or its balance is unknown.
   */
  readonly tokensLeft?: number;
  /** What the daily refresh may use. */
  readonly refresh: RefreshAllowance;
}

/** Units that the daily refresh may use; null: as many as the pace allows. */
export interface RefreshAllowance {
  readonly unitsPerDay: number | null;
  /** Of these, units that are left for the next hour. */
  readonly unitsLeft: number | null;
}

/** The account-safe limiter: the one place that decides when an upstream call may start. */
export interface RateLimiter {
  /**
   * Reserves the next slot for a call that costs `units`, at most `horizonMs` ahead of now.
   * Never throws for a refusal. Throws `TransientError` when the store cannot be reached: then no call may start.
   */
  reserve(limit: RateLimit, request: ReserveRequest): Promise<Slot | Refusal>;
  /**
   * Milliseconds until the next slot of a key is free, by what this instance last saw of it; 0 when it saw nothing. A
   * guess.
   */
  expectedWaitMs(limit: RateLimit): number;
  /**
   * Reads the key anew and returns the slot as it is now: later, when calls before it arrived late. Undefined when it
   * is void, because the source was paused or silenced or its breaker opened meanwhile. Void slots need not be given
   * back. Throws `TransientError` when the store cannot be reached: then the call may not start.
   */
  recheck(slot: Slot): Promise<Slot | undefined>;
  /**
   * Whether express work was granted a slot after this one, so that somebody waits who may take more products.
   * Throws `TransientError` when the store cannot be reached.
   */
  expressFollows(slot: Slot): Promise<boolean>;
  /** Waits until `leadMs` before the slot time. @default 0 */
  until(slot: Slot, leadMs?: number): Promise<void>;
  /** Milliseconds since the slot time; negative before it. A call may start while they are not above `slot.guardMs`. */
  lateness(slot: Slot): number;
  /**
   * Gives back a slot in which no call was made: the units and, while nobody has a later slot, the time.
   * @param why `late`: all was ready, but the timer rang too late, which widens the guard
   */
  giveBack(slot: Slot, why: "late" | "unused"): Promise<void>;
  /** Reports how the call ended. Safe to call twice; stale reports are ignored. */
  report(limit: RateLimit, slot: Slot, outcome: CallOutcome): Promise<void>;
  /** Reads the state of a key. */
  state(limit: RateLimit): Promise<LimitState>;
  /** Ends a pause, after new credentials were stored. */
  clearPause(limitKey: string): Promise<void>;
}
