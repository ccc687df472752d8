import { RETRY_DELAYS_SECONDS } from "../../core/batches/retry-policy.ts";
import { criticalFieldsIn, isGiven, openNeeds } from "../../core/products/critical-fields.ts";
import { missingFields } from "../../core/products/missing-fields.ts";
import type { ProductField } from "../../core/products/product.ts";
import { qualityOf } from "../../core/products/quality.ts";
import type { SourceId } from "../../core/source-ids.ts";
import { OWN_CODES } from "../../core/sources/failure-codes.ts";
import type { Candidate, RefusalNote, RetriableNote } from "./candidate.ts";
import type { SourceFailure } from "./chain-request.ts";
import type { ChainOutcome, Enriched, Failed, Wait } from "./chain-result.ts";
import type { ChainSource, ReadySource } from "./chain-source.ts";

/** What the verdict on a candidate depends on besides itself. */
export interface VerdictContext {
  readonly now_ms: number;
  readonly rating_possible: boolean;
  /** Sources that its shop's products may be asked at. */
  readonly plan: readonly ChainSource[];
  /** Those of the plan that have credentials. */
  readonly ready: readonly ReadySource[];
}

const commonOf = (candidate: Candidate) => ({
  asin: candidate.asin,
  marketplace: candidate.marketplace,
  source_failures: candidate.failures,
  raw_keys: candidate.raw_keys,
});

const whyMissing = (candidate: Candidate, field: ProductField, ready: readonly ReadySource[]): string => {
  const able = ready.filter(({ descriptor }) => descriptor.fields.includes(field));
  if (able.length === 0) return "no enabled source gives it for this shop";
  return able
    .map(({ descriptor: { id } }) => {
      const failure = candidate.failures.find(({ source }) => source === id);
      if (failure) return `${id} answered ${failure.code}`;
      if (candidate.answered.has(id)) return `${id} has none`;
      const refusal = candidate.refusals.find(({ source }) => source === id);
      if (refusal) return `${id} could not be asked (${refusal.code})`;
      const passing = candidate.retriable.find(({ source }) => source === id);
      return passing ? `${id} failed (${passing.code})` : `${id} was not asked`;
    })
    .join("; ");
};

const mainSource = (candidate: Candidate, plan: readonly ChainSource[]): SourceId | undefined => {
  const { fields, provenance } = candidate.merged;
  const given = criticalFieldsIn(fields).flatMap((field) => provenance[field]?.source ?? []);
  const share = (id: SourceId): number => given.filter((source) => source === id).length;
  const order = [...new Set([...plan.map(({ descriptor }) => descriptor.id), ...given])];
  return order.reduce<SourceId | undefined>(
    (best, id) => (share(id) > (best === undefined ? 0 : share(best)) ? id : best),
    undefined,
  );
};

const enriched = (candidate: Candidate, source: SourceId, context: VerdictContext): Enriched => {
  const cached = candidate.cached && candidate.calls === 0;
  return {
    kind: "enriched",
    ...commonOf(candidate),
    ...candidate.merged,
    source,
    missing: missingFields(candidate.merged.fields, (field) => whyMissing(candidate, field, context.ready)),
    quality: qualityOf(candidate.merged, { ...context, cached }),
    incomplete: openNeeds(candidate.merged.fields).length > 0,
    from_cache: cached,
  };
};

/** Whether the first source that is ready has nothing more to say: it answered, and refused no further call. */
const isServedFirst = ({ answered, refusals, halted }: Candidate, { ready: [first] }: VerdictContext): boolean => {
  if (!first) return false;
  const { id } = first.descriptor;
  return answered.has(id) && halted?.source !== id && !refusals.some(({ source }) => source === id);
};

const wait = (
  candidate: Candidate,
  why: Pick<Wait, "reason" | "source" | "retry_at_ms" | "detail">,
  context: VerdictContext,
): Wait => ({
  kind: "wait",
  ...commonOf(candidate),
  reason: why.reason,
  source: why.source,
  retry_at_ms: why.retry_at_ms,
  detail: why.detail,
  later: isServedFirst(candidate, context),
  partial: candidate.merged,
});

/** The failure that the next visit should answer: one held against the product before one that is not. */
const mainRetriable = (candidate: Candidate): RetriableNote | undefined =>
  candidate.retriable.find(({ counts }) => counts) ?? candidate.retriable[0];

/**
 * The refusals that a product still lacking a critical field waits for. Missing credentials only hold a product that
 * no source could be asked about. A paused source (bad credentials, endless throttling) needs a person, so it holds
 * only products of which not even a title is known. A used-up day and an open breaker end by themselves.
 */
const holding = (candidate: Candidate): RefusalNote[] => {
  const untouched = candidate.answered.size === 0 && candidate.retriable.length === 0;
  const titled = isGiven(candidate.merged.fields.title);
  const blocked = candidate.refusals.filter(({ reason }) => reason !== "not_configured");
  const holds = blocked.filter(({ reason }) => reason !== "paused" || !titled);
  if (blocked.length > 0 || !untouched) return holds;
  return candidate.refusals;
};

const earliest = (notes: readonly RefusalNote[]): RefusalNote | undefined =>
  notes.reduce<RefusalNote | undefined>(
    (best, note) =>
      best === undefined || (note.retry_at_ms ?? Infinity) < (best.retry_at_ms ?? Infinity) ? note : best,
    undefined,
  );

/**
 * The failure that speaks for all: a product is gone only when every source that was asked says so, because that is what
 * makes a stored one unavailable. One that could not give it for another reason speaks first.
 */
const verdictOf = ({ failures }: Candidate): SourceFailure | undefined =>
  failures.find(({ failure_class }) => failure_class !== "not_found") ?? failures[0];

const failed = (candidate: Candidate, context: VerdictContext): Failed => {
  const common = commonOf(candidate);
  const spent = mainRetriable(candidate);
  if (spent) {
    const message = `${spent.message} (after ${candidate.attempts} retries)`;
    const code = OWN_CODES.RETRIES_EXHAUSTED;
    const { source, code: raw_code } = spent;
    return { kind: "failed", ...common, source, code, raw_code, message, failure_class: "retriable" };
  }
  const verdict = verdictOf(candidate);
  if (verdict) return { kind: "failed", ...common, ...verdict, raw_code: verdict.code };
  if (context.plan.length === 0) {
    const code = OWN_CODES.NO_SOURCE_FOR_SHOP;
    const message = `no enabled source serves ${candidate.marketplace}`;
    return { kind: "failed", ...common, source: null, code, raw_code: code, message, failure_class: "permanent" };
  }
  const code = OWN_CODES.NOT_FOUND;
  const source = [...candidate.answered][0] ?? null;
  const message = "no source had even a title";
  return { kind: "failed", ...common, source, code, raw_code: code, message, failure_class: "not_found" };
};

/**
 * The verdict on a candidate at the end of the walk: exactly one outcome.
 *
 * All critical fields there: enriched, whatever else happened. Otherwise, in this order: halted → wait; a failure
 * that may pass and has retries left → retry; a source that refused and is worth waiting for → wait; a title → enriched
 * and incomplete; else failed.
 */
export const outcomeOf = (candidate: Candidate, context: VerdictContext): ChainOutcome => {
  const source = mainSource(candidate, context.plan);
  if (source && openNeeds(candidate.merged.fields).length === 0) return enriched(candidate, source, context);
  if (candidate.halted) return wait(candidate, candidate.halted, context);

  const passing = mainRetriable(candidate);
  const spent = passing?.counts === true && candidate.attempts >= RETRY_DELAYS_SECONDS.length;
  if (passing && !spent) return { kind: "retry", ...commonOf(candidate), ...passing, partial: candidate.merged };

  const held = earliest(holding(candidate));
  if (held) return wait(candidate, held, context);
  if (source && isGiven(candidate.merged.fields.title)) return enriched(candidate, source, context);
  return failed(candidate, context);
};
