import type { KnownProduct } from "../../adapters/dynamodb/products/product-reader.ts";
import type { ItemOutcome } from "../../core/batches/settle/settle-item.ts";
import type { RunOptions } from "../../core/catalogs/run-options.ts";
import { draftOf } from "../../core/products/assembly/draft-product.ts";
import { assembleProduct, markNotFound } from "../../core/products/assembly/product-assembly.ts";
import type { MergedFields } from "../../core/products/merge.ts";
import type { Product } from "../../core/products/product.ts";
import type { StoredProduct } from "../../core/products/stored-product.ts";
import type { SourceId } from "../../core/source-ids.ts";
import type { ChainOutcome, Retry, Wait } from "../../sources/chain/chain-result.ts";
import { keptUntil } from "./kept-until.ts";
import { isRemembered } from "./not-found-memory.ts";
import type { ProductOutcome } from "./product-outcome.ts";

/**
 * When products are tried again whose source has no credentials, is paused, or is out for an unknown time. A
 * pause may end before its time, when somebody stores new credentials.
 */
const ASK_AGAIN_MS = 60_000;

/** What was known of a product before the chain was asked. */
export interface Before {
  readonly known: KnownProduct | undefined;
  /** Stored fields that the chain began with. */
  readonly existing: MergedFields;
  readonly options: RunOptions;
}

const retryAt = ({ reason, retryAtMs }: Wait, nowMs: number): number => {
  if (reason === "deadline") return retryAtMs ?? nowMs;
  const soon = nowMs + ASK_AGAIN_MS;
  return reason === "paused" ? Math.min(retryAtMs ?? soon, soon) : (retryAtMs ?? soon);
};

/** Refusals of a source for its own reasons, which end by themselves. */
const REFUSALS: readonly Wait["reason"][] = ["rate", "daily-quota", "circuit-open"];
const isRefusal = ({ reason }: Wait): boolean => REFUSALS.includes(reason);

/** Not of a forced run: it uses nothing stored, so that the first source is asked again each time the product is tried. */
const isForLater = (wait: Wait, { options }: Before): boolean => wait.later && isRefusal(wait) && !options.force;

const sourceOf = ({ source }: { readonly source: SourceId | null }) => (source === null ? {} : { source });

const resultOf = (outcome: ChainOutcome, before: Before, nowMs: number): ItemOutcome => {
  switch (outcome.kind) {
    case "enriched": {
      const { source, fromCache, incomplete } = outcome;
      return { kind: "enriched", source, fromCache, incomplete };
    }
    case "failed":
      return { kind: "failed", code: outcome.code, ...sourceOf(outcome) };
    case "retry":
      return {
        kind: "retry",
        code: outcome.code,
        ...sourceOf(outcome),
        counts: outcome.counts,
        suspicion: outcome.suspicion,
      };
    case "wait":
      return {
        kind: "wait",
        retryAtMs: retryAt(outcome, nowMs),
        shortCall: outcome.reason === "short-call",
        later: isForLater(outcome, before),
        ...(outcome.sourceFailures.some(({ failureClass }) => failureClass !== "not_found") ? { asksFirst: true } : {}),
        ...(isRefusal(outcome) ? { source: outcome.source } : {}),
        ...(outcome.heldBy ? { heldBy: outcome.heldBy } : {}),
      };
  }
};

const failureOf = (outcome: ChainOutcome): Pick<ProductOutcome, "failure"> => {
  if (outcome.kind === "failed") {
    return { failure: { source: outcome.source, rawCode: outcome.rawCode, message: outcome.message } };
  }
  if (outcome.kind === "retry") {
    return { failure: { source: outcome.source, rawCode: outcome.code, message: outcome.message } };
  }
  return {};
};

/** Whether the chain brought any field that the store does not have yet. */
const hasNews = (partial: MergedFields, existing: MergedFields): boolean =>
  Object.entries(partial.provenance).some(
    ([field, origin]) =>
      !Object.entries(existing.provenance).some(([name, known]) => name === field && known === origin),
  );

/** Whether answers were archived that a product stored as a draft does not refer to yet (pages of an unfinished list). */
const hasNewRaw = ({ rawKeys }: Wait | Retry, { known, existing }: Before): boolean =>
  Object.keys(existing.provenance).length > 0 && rawKeys.some((key) => !known?.raw_keys?.includes(key));

const draft = (outcome: Wait | Retry, before: Before, nowMs: number): Product | null => {
  const { asin, marketplace, partial } = outcome;
  const { known, existing } = before;
  if (!hasNews(partial, existing) && !hasNewRaw(outcome, before)) return null;
  const why = outcome.kind === "wait" ? `waiting: ${outcome.detail}` : `asked again soon: ${outcome.message}`;
  return draftOf(known?.product ?? null, { ...partial, asin, marketplace }, why, nowMs);
};

const productOf = (outcome: ChainOutcome, before: Before, nowMs: number): Product | null => {
  const stored = before.known?.product ?? null;
  switch (outcome.kind) {
    case "enriched":
      return assembleProduct(stored, outcome, nowMs);
    case "failed":
      // Gone from the shop: the stored product becomes unavailable, which is a soft delete.
      return outcome.failureClass === "not_found" ? markNotFound(stored, nowMs) : null;
    case "wait":
    case "retry":
      return draft(outcome, before, nowMs);
  }
};

/** Raw answers that a product refers to: some two hundred tries, or a family of a hundred pages. */
const MAX_RAW_KEYS = 200;

/** Raw answers of earlier tries stay referenced as long as the product carries fields of theirs; the newest count most. */
const rawKeys = (outcome: ChainOutcome, { known, existing }: Before): readonly string[] => {
  const earlier = Object.keys(existing.provenance).length > 0 ? (known?.raw_keys ?? []) : [];
  return [...new Set([...earlier, ...outcome.rawKeys])].slice(-MAX_RAW_KEYS);
};

const toStore = (outcome: ChainOutcome, before: Before, nowMs: number): StoredProduct | null => {
  const product = productOf(outcome, before, nowMs);
  if (!product) return null;
  const refresh_until = outcome.kind === "enriched" ? keptUntil(before.options, nowMs) : null;
  return { product, raw_keys: rawKeys(outcome, before), refresh_until };
};

/**
 * What the chain's outcome of a product means for its items and for the store. A product that waits or is asked again
 * is stored as a draft with what was fetched for it, so that its next try does not pay for that twice.
 */
export const productOutcomeOf = (outcome: ChainOutcome, before: Before, nowMs: number): ProductOutcome => {
  const product = toStore(outcome, before, nowMs);
  const notFoundAt = outcome.sourceFailures
    .filter(({ source, failureClass }) => failureClass === "not_found" && !isRemembered(before.known, source, nowMs))
    .map(({ source }) => source);
  return {
    result: resultOf(outcome, before, nowMs),
    notFoundAt,
    ...(product ? { product } : {}),
    ...failureOf(outcome),
  };
};
