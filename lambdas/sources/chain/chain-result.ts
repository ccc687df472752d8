import type { RefusalReason } from "../../core/limiter/rate-limiter.ts";
import type { Enrichment } from "../../core/products/enrichment.ts";
import type { MergedFields } from "../../core/products/merge.ts";
import type { SourceId } from "../../core/source-ids.ts";
import type { BlockedBy } from "../../core/sources/blocked-by.ts";
import type { FailureClass } from "../../core/sources/failure-codes.ts";
import type { SourceFailure } from "./chain-request.ts";

interface Common {
  readonly asin: string;
  readonly marketplace: string;
  /** Final answers of sources in this walk and remembered ones; `not_found` ones are worth remembering for 24 h. */
  readonly source_failures: readonly SourceFailure[];
  /** Keys of the raw answers that this product appeared in. */
  readonly raw_keys: readonly string[];
}

/** At least a title was found. */
export interface Enriched extends Common, Enrichment {
  readonly kind: "enriched";
  /** The source that gave most of the critical fields; of equals the first asked. */
  readonly source: SourceId;
  /** True when a critical field is still missing. */
  readonly incomplete: boolean;
  /** True when no source was called: all came from `existing`. */
  readonly from_cache: boolean;
}

/** No source has it, or its retries are used up. Final for this run. */
export interface Failed extends Common {
  readonly kind: "failed";
  /** Null when no source of the stage serves the shop. */
  readonly source: SourceId | null;
  /** A source's code or one of `OWN_CODES`. */
  readonly code: string;
  /** The source's code when `code` is our own, else the same. */
  readonly raw_code: string;
  readonly message: string;
  readonly failure_class: FailureClass;
}

/** A failure that may pass. */
export interface Retry extends Common {
  readonly kind: "retry";
  readonly source: SourceId;
  readonly code: string;
  readonly message: string;
  /** Whether it is held against this product: the call carried nothing else. */
  readonly counts: boolean;
  /** Whether the product was in a call of several that failed: add one to its `suspicions`. */
  readonly suspicion: boolean;
  /** What earlier or later sources gave; store it as `existing` to spare their calls next time. */
  readonly partial: MergedFields;
}

/**
 * Why a product waits: a limiter's refusal, missing credentials, company for a fuller call, the caller's own stop
 * (deadline, pause or cancel), or a limiter whose store could not be reached, so that no call might start.
 */
export type WaitReason = RefusalReason | "not_configured" | "short-call" | "deadline" | "limiter-unavailable";

/** It could not be asked for now, through no fault of its own. Nothing is held against it. */
export interface Wait extends Common {
  readonly kind: "wait";
  readonly reason: WaitReason;
  /** The source waited for; null when the walk was stopped before any was asked. */
  readonly source: SourceId | null;
  /** Epoch milliseconds; null: unknown (credentials, deadline). */
  readonly retry_at_ms: number | null;
  /** Whether the first source that can be asked about it has answered: the wait is for a later one's part. */
  readonly later: boolean;
  /** Words for a person. */
  readonly detail: string;
  readonly partial: MergedFields;
}

/** What became of one product: exactly one of these. */
export type ChainOutcome = Enriched | Failed | Retry | Wait;

/** Calls to one source in one walk. */
export interface CallStats {
  readonly calls: number;
  readonly ids: number;
  readonly failed: number;
  readonly throttled: number;
}

export interface ChainResult {
  /** By product key `<marketplace>#<asin>`: one outcome for every product asked. */
  readonly outcomes: ReadonlyMap<string, ChainOutcome>;
  /** Sources that products wait for and that will not be back within a minute; one entry a source. */
  readonly blocked_by: readonly BlockedBy[];
  readonly calls: Readonly<Partial<Record<SourceId, CallStats>>>;
  /** Troubles that cost no product, such as a raw answer that could not be archived. Log them. */
  readonly warnings: readonly string[];
}
