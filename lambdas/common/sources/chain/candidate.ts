import { openNeeds } from "../../core/products/critical-fields.ts";
import { type MergedFields, NOTHING_MERGED } from "../../core/products/merge.ts";
import type { ProductField } from "../../core/products/product.ts";
import { productKey } from "../../core/products/product-key.ts";
import { GOOD_QUALITY, qualityOf } from "../../core/products/quality/quality.ts";
import type { SourceId } from "../../core/source-ids.ts";
import type { ChainProduct, SourceFailure } from "./chain-request.ts";
import type { WaitReason } from "./chain-result.ts";

/** A source that could not be asked about a product now. */
export interface RefusalNote {
  readonly source: SourceId;
  readonly reason: Exclude<WaitReason, "deadline" | "short-call" | "limiter-unavailable">;
  /** The reason again, or the source's own code when an error paused it. */
  readonly code: string;
  readonly retryAtMs: number | null;
  readonly detail: string;
  /** Key whose breaker is open; present when that is the reason. */
  readonly limitKey?: string;
}

/** Why no further source is asked about a product in this pass. */
export interface Halt {
  readonly reason: WaitReason;
  readonly source: SourceId | null;
  readonly retryAtMs: number | null;
  readonly detail: string;
}

/** A failure that may pass. */
export interface RetriableNote {
  readonly source: SourceId;
  readonly code: string;
  readonly message: string;
  readonly counts: boolean;
  readonly suspicion: boolean;
}

/** One distinct product in the chain. Mutable: it lives for one pass only. */
export interface Candidate {
  readonly key: string;
  readonly asin: string;
  readonly marketplace: string;
  readonly attempts: number;
  readonly waited: boolean;
  /** 0: full calls; 1: half-size calls; 2 or more: alone. Rises inside the pass when a whole call is rejected. */
  company: number;
  merged: MergedFields;
  readonly cached: boolean;
  /** Sources that answered about it, now or in `existing`. */
  readonly answered: Set<SourceId>;
  /** Sources that answered about its offers, now or in `existing`, even if the answer was not definite. */
  readonly offered: Set<SourceId>;
  readonly rawKeys: string[];
  readonly failures: SourceFailure[];
  readonly refusals: RefusalNote[];
  readonly retriable: RetriableNote[];
  halted: Halt | null;
  /** Upstream calls that carried it in this pass. */
  calls: number;
}

/** Fields that only an answer about offers gives, where a source has a separate operation for them. */
const OFFER_FIELDS: readonly ProductField[] = ["current_price", "availability_type"];

/** A product of a request at its start. */
export const candidateOf = (product: ChainProduct): Candidate => {
  const existing = product.existing ?? NOTHING_MERGED;
  const origins = Object.values(existing.provenance).map(({ source }) => source);
  return {
    key: productKey(product.marketplace, product.asin),
    asin: product.asin,
    marketplace: product.marketplace,
    attempts: product.attempts ?? 0,
    waited: product.waited ?? false,
    company: product.suspicions ?? 0,
    merged: existing,
    cached: origins.length > 0,
    answered: new Set([...origins, ...(product.knownFailures ?? []).map(({ source }) => source)]),
    offered: new Set(OFFER_FIELDS.flatMap((field) => existing.provenance[field]?.source ?? [])),
    rawKeys: [],
    failures: [...(product.knownFailures ?? [])],
    refusals: [],
    retriable: [],
    halted: null,
    calls: 0,
  };
};

/**
 * Whether a further source should be asked about a product: a critical field is missing, or its quality is below
 * `GOOD_QUALITY`.
 */
export const needsMore = (candidate: Candidate, nowMs: number, ratingPossible: boolean): boolean => {
  if (openNeeds(candidate.merged.fields).length > 0) return true;
  const cached = candidate.cached && candidate.calls === 0;
  return qualityOf(candidate.merged, { nowMs, ratingPossible, cached }).overall < GOOD_QUALITY;
};
