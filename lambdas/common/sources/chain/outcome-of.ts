import { RETRY_DELAYS_SECONDS } from "../../core/batches/settle/retry-policy.ts";
import { disabledWords } from "../../core/marketplaces/shop-settings.ts";
import { missingFields } from "../../core/products/assembly/missing-fields.ts";
import { criticalFieldsIn, isGiven, openNeeds } from "../../core/products/critical-fields.ts";
import type { ProductField } from "../../core/products/product.ts";
import { qualityOf } from "../../core/products/quality/quality.ts";
import type { SourceId } from "../../core/source-ids.ts";
import { OWN_CODES } from "../../core/sources/failure-codes.ts";
import type { Candidate, RefusalNote, RetriableNote } from "./candidate.ts";
import type { SourceFailure } from "./chain-request.ts";
import type { ChainOutcome, Enriched, Failed, Wait } from "./chain-result.ts";
import type { ChainSource, ReadySource } from "./chain-source.ts";

/** What the verdict on a candidate depends on, besides the candidate. */
export interface VerdictContext {
  readonly nowMs: number;
  readonly ratingPossible: boolean;
  /** Sources that may be asked about its shop's products. */
  readonly plan: readonly ChainSource[];
  /** Those of the plan that have credentials. */
  readonly ready: readonly ReadySource[];
  /** Whether an operator has switched its shop off. */
  readonly isSwitchedOff: boolean;
}

const commonOf = (candidate: Candidate) => ({
  asin: candidate.asin,
  marketplace: candidate.marketplace,
  sourceFailures: candidate.failures,
  rawKeys: candidate.rawKeys,
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
    fromCache: cached,
  };
};

/** Whether the first ready source is done: it answered, and refused no further call. */
const isServedFirst = ({ answered, refusals, halted }: Candidate, { ready: [first] }: VerdictContext): boolean => {
  if (!first) return false;
  const { id } = first.descriptor;
  return answered.has(id) && halted?.source !== id && !refusals.some(({ source }) => source === id);
};

/** Open breakers that a waiting product would be served without. */
const heldBy = (candidate: Candidate): Pick<Wait, "heldBy"> => {
  const keys = new Set(holding(candidate).flatMap(({ limitKey }) => limitKey ?? []));
  return keys.size === 0 ? {} : { heldBy: [...keys] };
};

const wait = (
  candidate: Candidate,
  why: Pick<Wait, "reason" | "source" | "retryAtMs" | "detail">,
  context: VerdictContext,
): Wait => ({
  kind: "wait",
  ...commonOf(candidate),
  reason: why.reason,
  source: why.source,
  retryAtMs: why.retryAtMs,
  detail: why.detail,
  later: isServedFirst(candidate, context),
  ...heldBy(candidate),
  partial: candidate.merged,
});

/** The failure that the next attempt is about: one that counts against the product before one that does not. */
const mainRetriable = (candidate: Candidate): RetriableNote | undefined =>
  candidate.retriable.find(({ counts }) => counts) ?? candidate.retriable[0];

/**
 * The refusals that a product without all critical fields waits for. For missing credentials a product waits only when
 * no source could be asked about it. A paused source (bad credentials, endless throttling) needs a person, so only
 * products without a title wait for it. A used-up day and an open breaker end by themselves.
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
    (best, note) => (best === undefined || (note.retryAtMs ?? Infinity) < (best.retryAtMs ?? Infinity) ? note : best),
    undefined,
  );

/**
 * The failure that decides: a product is gone only when every source that was asked says so, because that makes a
 * stored product unavailable. A failure for any other reason comes first.
 */
const verdictOf = ({ failures }: Candidate): SourceFailure | undefined =>
  failures.find(({ failureClass }) => failureClass !== "not_found") ?? failures[0];

const failed = (candidate: Candidate, context: VerdictContext): Failed => {
  const common = commonOf(candidate);
  const spent = mainRetriable(candidate);
  if (spent) {
    const message = `${spent.message} (after ${candidate.attempts} retries)`;
    const code = OWN_CODES.RETRIES_EXHAUSTED;
    const { source, code: rawCode } = spent;
    return { kind: "failed", ...common, source, code, rawCode, message, failureClass: "retriable" };
  }
  const verdict = verdictOf(candidate);
  if (verdict) return { kind: "failed", ...common, ...verdict, rawCode: verdict.code };
  if (context.plan.length === 0) {
    const { marketplace } = candidate;
    const { NO_SOURCE_FOR_SHOP, SHOP_OFF } = OWN_CODES;
    const [code, message] = context.isSwitchedOff
      ? [SHOP_OFF, `${disabledWords(marketplace)}. Then retry the failed products of the run`]
      : [NO_SOURCE_FOR_SHOP, `no enabled source serves ${marketplace}`];
    return { kind: "failed", ...common, source: null, code, rawCode: code, message, failureClass: "permanent" };
  }
  const code = OWN_CODES.NOT_FOUND;
  const source = [...candidate.answered][0] ?? null;
  const message = "no source had even a title";
  return { kind: "failed", ...common, source, code, rawCode: code, message, failureClass: "not_found" };
};

/**
 * The verdict on a candidate at the end of the pass: exactly one outcome.
 *
 * With all critical fields: enriched, whatever else happened. Otherwise, in this order: halted → wait; a failure that
 * may pass and has retries left → retry; a source that refused and is worth the wait → wait; a title → enriched
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
