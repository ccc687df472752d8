import type { Clock } from "../../core/clock.ts";
import type { RateLimiter } from "../../core/limiter/rate-limiter.ts";
import type { CallOutcome } from "../../core/metric-names.ts";
import type { SourceId } from "../../core/source-ids.ts";
import type { ChainProduct } from "./chain-request.ts";
import type { ChainSource } from "./chain-source.ts";

/** One upstream call as analytics count it. */
export interface CallRecord {
  readonly source: SourceId;
  readonly operation: string;
  readonly marketplace: string;
  readonly ids: number;
  readonly outcome: CallOutcome;
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

/** Products from elsewhere that fill calls which wait for their slot. */
export interface Company {
  /**
   * Fetches about so many products, and waits `waitSeconds` for the first one. Never throws. A call does not wait for it
   * beyond the time at which it must get ready.
   */
  readonly gather: (ids: number, waitSeconds: number) => Promise<void>;
  /** Up to `most` of the products that are there, of one shop, which no source was asked about yet. They join the pass. */
  readonly take: (marketplace: string, most: number) => readonly ChainProduct[];
}

/** Dependencies of a pass: everything with a side effect. */
export interface ChainDeps {
  /** Enabled sources in the order to ask. */
  readonly sources: readonly ChainSource[];
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  /** Longest time of one upstream call, in milliseconds. */
  readonly timeoutMs: number;
  /** Called before every reservation. False (deadline, pause, cancel) ends the pass; the remaining products wait. */
  readonly mayContinue?: () => boolean | Promise<boolean>;
  /** Called shortly before the slot time. False gives the slot back, because the call is no longer wanted. */
  readonly stillWanted?: () => boolean | Promise<boolean>;
  /** Absent: calls go with the products of the request. */
  readonly company?: Company | undefined;
  /** Archives a body and returns its key. A failure costs no product: it becomes a warning. */
  readonly recordRaw?: (answer: RawAnswer) => Promise<string>;
  readonly countCall?: (call: CallRecord) => void;
  /** Called once for a call that is under way for 5 s without its end. @param endsAtMs when its time limit ends it */
  readonly onSlow?: (source: SourceId, endsAtMs: number) => void;
}
