import type { LimitSignals } from "./limit-signals.ts";

/** Who asks for the call; decides which share of the day it may use and how far ahead a slot may lie. */
export type CallPriority = "bulk" | "express" | "interactive" | "refresh";

/** The allowance that one limit key is held to. */
export interface RateLimit {
  /** Key in `upstream-limits`: `source#account[#operation]`. */
  readonly limitKey: string;
  readonly callsPerSecond: number;
  /** Units a day; null: none. */
  readonly unitsPerDay: number | null;
  /** Part of the pace, the day and a full token bucket that Enrichline may use, 0 to 1; the owner's other tools have the rest. */
  readonly allowanceShare: number;
  /**
   * Where the source states a zone for its day: IANA name or UTC offset (`+02:00`); the day then begins at local
   * midnight. Absent: a rolling 24 h.
   */
  readonly dayZone?: string;
}

/** Code of a pause for nothing but 429s; every source has words for it beside those for its own codes. */
export const THROTTLED = "throttled";

export type RefusalReason = "rate" | "daily-quota" | "circuit-open" | "paused";

/** What a caller asks of the limiter. */
export interface ReserveRequest {
  readonly priority: CallPriority;
  /** How far ahead of now the slot may lie, in milliseconds. */
  readonly horizonMs: number;
  /** What the call costs of the day. */
  readonly units: number;
  /**
   * Room to leave behind the slot, in milliseconds, because the call may reach the upstream that much later than it
   * is started: a connection has yet to be opened. @default 0
   */
  readonly slackMs?: number;
}

/** A granted slot. Start the call at `atMs`, not before, and not later than `atMs + guardMs`. */
export interface Slot {
  readonly granted: true;
  readonly limitKey: string;
  readonly atMs: number;
  readonly guardMs: number;
  readonly grantedAtMs: number;
  /** Breaker epoch under which it was granted; reports carry it back. */
  readonly epoch: number;
  /** Order of grants within the key; stale reports are told by it. */
  readonly sequence: number;
  /** Set when this call is the breaker's probe. */
  readonly probeOwner?: string;
}

export interface Refusal {
  readonly granted: false;
  readonly reason: RefusalReason;
  /** Epoch milliseconds from which asking again makes sense. */
  readonly retryAtMs: number;
  /** What the source is paused for: its own code, or `THROTTLED`. */
  readonly code?: string;
  /** Words for the status, when the source was paused by an error. */
  readonly detail?: string;
}

/** How a call went, as far as the limiter cares. */
export type CallOutcome =
  | { readonly kind: "success"; readonly signals: LimitSignals; readonly latenessMs: number }
  | { readonly kind: "throttled"; readonly signals: LimitSignals }
  | { readonly kind: "unhealthy"; readonly signals: LimitSignals }
  | { readonly kind: "critical"; readonly code: string; readonly message: string };

/** Where a limit key stands, for `GET /quota` and the status. */
export interface LimitState {
  readonly limitKey: string;
  readonly callsPerSecond: number;
  readonly usedToday: number;
  /** Null: no daily limit. */
  readonly leftToday: number | null;
  readonly breaker: "closed" | "open" | "half-open";
  /** Epoch ms until which no call starts, whatever the reason; null when calls may go. */
  readonly blockedUntilMs: number | null;
  readonly blockedReason: RefusalReason | null;
  readonly blockedDetail: string | null;
  /** What the source is paused for: its own code, or `THROTTLED`; absent: it is not paused. */
  readonly pauseCode?: string;
  /** 429s since the last success; absent: none. */
  readonly throttles?: number;
  /**
   * Balance of the source's token bucket as last learned, less the part of a full one that is left to other tools;
   * absent: it has none, or none is known.
   */
  readonly tokensLeft?: number;
}

/** The account-safe limiter: the one place that decides when an upstream call may start. */
export interface RateLimiter {
  /**
   * Reserves the next slot for a call that costs `units`, at most `horizonMs` ahead of now.
   * Never throws for a refusal. Throws `TransientError` when the store cannot be reached: then no call may start.
   */
  reserve(limit: RateLimit, request: ReserveRequest): Promise<Slot | Refusal>;
  /**
   * Waits for the slot's turn and says whether it may still be used: false when it came up later than the guard
   * allows, or when the source was paused or its breaker opened meanwhile. A slot refused here is spent.
   * Throws `TransientError` when the store cannot be reached: then the call may not start.
   */
  awaitSlot(slot: Slot): Promise<boolean>;
  /** Tells how the call went. Safe to call twice; stale reports are ignored. */
  report(limit: RateLimit, slot: Slot, outcome: CallOutcome): Promise<void>;
  /** Reads where a key stands. */
  state(limit: RateLimit): Promise<LimitState>;
  /** Ends a pause, when new credentials came. */
  clearPause(limitKey: string): Promise<void>;
}
