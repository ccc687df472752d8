import type { KnownProduct } from "../common/adapters/dynamodb/products/product-reader.ts";
import type { LicenceBook } from "../common/core/licences/licence-book.ts";
import type { Product, ProductField } from "../common/core/products/product.ts";
import type { RefreshJobProduct, SkipReason } from "../common/core/refresh/refresh-job.ts";
import { OWN_CODES } from "../common/core/sources/failure-codes.ts";
import type { ChainOutcome, WaitReason } from "../common/sources/chain/chain-result.ts";
import { keptWords } from "../common/sources/checks/kept-words.ts";

/** Whether both answers may be compared: a source that forbids tracking must not be learned from. */
const mayCompare = (before: Product, after: Product, field: ProductField, licences: LicenceBook): boolean =>
  [before, after].every(({ provenance }) => {
    const origin = provenance[field];
    return origin !== undefined && licences[origin.source].history;
  });

/** What was seen to change. Price and availability only where the licences of both sources allow it; the status is ours. */
export const changesOf = (
  before: Product | undefined,
  after: Product | undefined,
  licences: LicenceBook,
): RefreshJobProduct["changed"] => {
  if (!before || !after) return [];
  const differs = (field: "current_price" | "availability_type"): boolean =>
    mayCompare(before, after, field, licences) && before[field] !== after[field];
  return [
    ...(differs("current_price") ? (["price"] as const) : []),
    ...(differs("availability_type") ? (["availability"] as const) : []),
    ...(before.status !== after.status ? (["status"] as const) : []),
  ];
};

/** Waits after which the same call makes sense within its hour, and why it is skipped when the hour is over. */
const WAITS: Readonly<Record<WaitReason, { readonly comesBack: boolean; readonly skipped: SkipReason }>> = {
  rate: { comesBack: true, skipped: "no_slot_in_time" },
  "short-call": { comesBack: true, skipped: "no_slot_in_time" },
  deadline: { comesBack: true, skipped: "no_slot_in_time" },
  "limiter-unavailable": { comesBack: true, skipped: "no_slot_in_time" },
  "circuit-open": { comesBack: false, skipped: "circuit_open" },
  paused: { comesBack: false, skipped: "source_paused" },
  "daily-quota": { comesBack: false, skipped: "daily_quota_used" },
  not_configured: { comesBack: false, skipped: "no_source_configured" },
};

/** What came of one product in this pass. */
export interface Judged {
  readonly product: RefreshJobProduct;
  /** Set while it is still pending. */
  readonly wait?: { readonly comesBack: boolean; readonly skipped: SkipReason; readonly retryAtMs: number | null };
  /** Words of a failure, such as may be kept. */
  readonly message?: string;
}

/** The outcome of a product, from what the chain and the store say of it. */
export const judgeProduct = (
  asin: string,
  known: KnownProduct | undefined,
  outcome: ChainOutcome | undefined,
  stored: Product | undefined,
  licences: LicenceBook,
): Judged => {
  const changed = changesOf(known?.product, stored, licences);
  const product = (end: Pick<RefreshJobProduct, "outcome" | "error_code">): RefreshJobProduct => ({
    ...{ asin, changed },
    ...end,
  });
  switch (outcome?.kind) {
    case undefined:
      return { product: product({ outcome: "pending", error_code: null }) };
    case "enriched":
      if (stored) return { product: product({ outcome: "refreshed", error_code: null }) };
      return {
        product: product({ outcome: "failed", error_code: OWN_CODES.UNSTORABLE }),
        message: "the product was found, but the table does not take it",
      };
    case "failed":
      // An answer, and no outage: the shop does not have it any more.
      if (outcome.failureClass === "not_found")
        return { product: product({ outcome: "unavailable", error_code: null }) };
      if (outcome.code === OWN_CODES.SHOP_OFF) {
        const skipped = { comesBack: false, skipped: "marketplace_disabled", retryAtMs: null } as const;
        return { product: product({ outcome: "pending", error_code: null }), wait: skipped };
      }
      return {
        product: product({ outcome: "failed", error_code: outcome.code }),
        message: keptWords(outcome, licences),
      };
    case "retry":
      return {
        product: product({ outcome: "failed", error_code: outcome.code }),
        message: keptWords({ ...outcome, rawCode: outcome.code }, licences),
      };
    case "wait":
      return {
        product: product({ outcome: "pending", error_code: null }),
        wait: { ...WAITS[outcome.reason], retryAtMs: outcome.retryAtMs },
      };
  }
};
