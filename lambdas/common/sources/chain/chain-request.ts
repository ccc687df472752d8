import type { CallPriority } from "../../core/limiter/rate-limiter.ts";
import type { MergedFields } from "../../core/products/merge.ts";
import type { SourceId } from "../../core/source-ids.ts";

/** A final answer of one source about one product. */
export interface SourceFailure {
  readonly source: SourceId;
  /** The source's own code. */
  readonly code: string;
  readonly message: string;
  readonly failureClass: "permanent" | "not_found";
}

/** One product to enrich. */
export interface ChainProduct {
  readonly asin: string;
  readonly marketplace: string;
  /** Calls of several ids that failed with this product in them: 0 full calls, 1 half ones, 2 or more alone. @default 0 */
  readonly suspicions?: number;
  /** Whether it already waited once for a fuller call. @default false */
  readonly waited?: boolean;
  /** Failures that count against it so far; after 3 the next one is final. @default 0 */
  readonly attempts?: number;
  /** Fields that are still fresh, such as those of an earlier `wait`; their sources are not asked again. */
  readonly existing?: MergedFields;
  /** Final answers that are remembered (not-found for 24 h); their sources are not asked again. */
  readonly knownFailures?: readonly SourceFailure[];
}

/** How the products are to be enriched. */
export interface ChainOptions {
  /** Source to ask first; null: the stage's order. */
  readonly provider: SourceId | null;
  /** False: only the provider is asked, or without one the first source that is ready for the shop. */
  readonly fallback: boolean;
  readonly priority: CallPriority;
  /** How far ahead a slot may lie, and how long to wait in place for one, in milliseconds. */
  readonly horizonMs: number;
}

export interface ChainRequest {
  /** Each product once, whatever batches want it. */
  readonly products: readonly ChainProduct[];
  readonly options: ChainOptions;
}

/** Milliseconds that a caller waits in place for a slot: design section 4. A refresh waits like bulk work. */
export const HORIZON_MS: Readonly<Record<CallPriority, number>> = {
  bulk: 2_000,
  refresh: 2_000,
  express: 5_000,
  interactive: 10_000,
};

/** Returns after which work has waited long enough: about 10 s, longer than a few small runs take. */
const MANY_RETURNS = 4;

/**
 * Milliseconds that work of a run waits in place for a slot. While slots are taken farther ahead than the horizon of
 * bulk work, it gets none; as long as express runs follow each other, it would never get any. So work that came back
 * many times gets the horizon of express runs, and competes with them for slots.
 * @param returns how often it came back
 */
export const runHorizonMs = (priority: "bulk" | "express", returns: number): number =>
  returns >= MANY_RETURNS ? Math.max(HORIZON_MS[priority], HORIZON_MS.express) : HORIZON_MS[priority];
