import type { Clock } from "../../core/clock.ts";
import type { RateLimiter } from "../../core/limiter/rate-limiter.ts";
import type { SourceId } from "../../core/source-ids.ts";
import type { ChainSource } from "./chain-source.ts";

/** One upstream call as analytics count it. */
export interface CallRecord {
  readonly source: SourceId;
  readonly operation: string;
  readonly marketplace: string;
  readonly ids: number;
  readonly outcome: "success" | "throttled" | "failed" | "critical";
  /** The source's code when the call failed as a whole, else null. */
  readonly code: string | null;
  readonly message: string | null;
  /** Codes of single ids that failed inside an answered call, with how often. */
  readonly itemFailures: Readonly<Record<string, number>>;
  readonly durationMs: number;
}

/** One answer to archive. */
export interface RawAnswer {
  readonly source: SourceId;
  readonly operation: string;
  readonly marketplace: string;
  readonly asins: readonly string[];
  readonly raw: string;
  /** ISO time of the answer. */
  readonly fetchedAt: string;
}

/** What the pass works with; everything with an effect comes in here. */
export interface ChainDeps {
  /** Enabled sources in the order to ask. */
  readonly sources: readonly ChainSource[];
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  /** Longest that one upstream call may take, in milliseconds. */
  readonly timeoutMs: number;
  /** Asked before every reservation; false (deadline, pause, cancel) ends the pass and the rest waits. */
  readonly mayContinue?: () => boolean | Promise<boolean>;
  /** Asked when a call's turn has come; false gives the slot up, because the wait outlasted the reason for it. */
  readonly stillWanted?: () => boolean | Promise<boolean>;
  /** Archives a body and gives its key. A failure here costs no product: it becomes a warning. */
  readonly recordRaw?: (answer: RawAnswer) => Promise<string>;
  readonly countCall?: (call: CallRecord) => void;
}
