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
  /** Final answers of sources in this pass and remembered ones; `not_found` ones are worth remembering for 24 h. */
  readonly sourceFailures: readonly SourceFailure[];
  /** Keys of the raw answers that this product appeared in. */
  readonly rawKeys: readonly string[];
}

/** At least a title was found. */
export interface Enriched extends Common, Enrichment {
  readonly kind: "enriched";
  /** The source that gave most of the critical fields; of equals the first asked. */
  readonly source: SourceId;
  /** True when a critical field is still missing. */
  readonly incomplete: boolean;
  /** True when no source was called: all came from `existing`. */
  readonly fromCache: boolean;
}

/** No source has the product, or its retries are used up. Final for this run. */
export interface Failed extends Common {
  readonly kind: "failed";
  /** Null when no source of the stage serves the shop. */
  readonly source: SourceId | null;
  /** A source's code or one of `OWN_CODES`. */
  readonly code: string;
  /** The source's code when `code` is our own, else the same. */
  readonly rawCode: string;
  readonly message: string;
  readonly failureClass: FailureClass;
}

/** A failure that may pass. */
export interface Retry extends Common {
  readonly kind: "retry";
  readonly source: SourceId;
  readonly code: string;
  readonly message: string;
  /** Whether it counts against this product: the call carried no other. */
  readonly counts: boolean;
  /** Whether the product was in a call of several that failed: add one to its `suspicions`. */
  readonly suspicion: boolean;
  /** What other sources gave; pass it as `existing` next time, so that their calls are not repeated. */
  readonly partial: MergedFields;
}

/**
 * Why a product waits: a refusal of the limiter, missing credentials, a fuller call (`short-call`), a stop of the
 * caller (deadline, pause or cancel), or a limiter whose store cannot be reached, so that no call may start.
 */
export type WaitReason = RefusalReason | "not_configured" | "short-call" | "deadline" | "limiter-unavailable";

/** No source could be asked about it now. Nothing counts against the product. */
export interface Wait extends Common {
  readonly kind: "wait";
  readonly reason: WaitReason;
  /** The source waited for; null when the pass was stopped before any was asked. */
  readonly source: SourceId | null;
  /** Epoch milliseconds; null: unknown (credentials, deadline). */
  readonly retryAtMs: number | null;
  /** Whether the first source that can be asked about it has answered: the wait is for a later source. */
  readonly later: boolean;
  /** Text for a person. */
  readonly detail: string;
  /** Limit keys whose open breaker the product waits for; each of them may end the wait before its time. Absent: none. */
  readonly heldBy?: readonly string[];
  readonly partial: MergedFields;
}

/** The outcome of one product in the chain: exactly one of these. */
export type ChainOutcome = Enriched | Failed | Retry | Wait;

/** Calls to one source in one pass. */
export interface CallStats {
  readonly calls: number;
  readonly ids: number;
  readonly failed: number;
  readonly throttled: number;
}

export interface ChainResult {
  /** By product key `<marketplace>#<asin>`: one outcome for every product asked. */
  readonly outcomes: ReadonlyMap<string, ChainOutcome>;
  /** Sources that products wait for longer than a minute; one entry a source. */
  readonly blockedBy: readonly BlockedBy[];
  readonly calls: Readonly<Partial<Record<SourceId, CallStats>>>;
  /** Problems that cost no product, such as a raw answer that could not be archived. Log them. */
  readonly warnings: readonly string[];
}
