import type { BatchChange } from "../../common/core/batches/settle/batch-outcome.ts";
import { mayHaveFailure } from "../../common/core/batches/settle/may-have-failure.ts";
import type { LicenceBook } from "../../common/core/licences/licence-book.ts";
import { productKey } from "../../common/core/products/product-key.ts";
import type { ProductFailure } from "../../common/core/runs/failure-row.ts";
import type { ProductOutcomes } from "../../common/services/enrich/product-outcome.ts";
import { keptWords } from "../../common/sources/checks/kept-words.ts";

/**
 * Keys of products whose failure rows are closed, because they ended otherwise than by a failure.
 * @param redone whether another worker may have worked on the batch as it was `before`; then any may have a row
 */
export const closedFailureKeys = ({ before, after }: BatchChange, redone = before.resends > 0): string[] =>
  after.items.flatMap((item, index) => {
    const was = before.items[index];
    const ended = item.state === "enriched" || item.state === "cancelled";
    return ended && was?.state === "pending" && (redone || mayHaveFailure(was))
      ? [productKey(after.marketplace, item.asin)]
      : [];
  });

/** Failure rows for the products of a batch that failed by this change, in words that may be kept: backups hold them too. */
export const failureRows = (
  { before, after }: BatchChange,
  outcomes: ProductOutcomes["outcomes"],
  failedAt: string,
  licences: LicenceBook,
): ProductFailure[] =>
  after.items.flatMap((item, index) => {
    if (item.state !== "failed" || before.items[index]?.state === "failed") return [];
    const key = productKey(after.marketplace, item.asin);
    const failure = outcomes.get(key)?.failure;
    const code = item.error_code ?? "InternalError";
    return [
      {
        tracking_id: after.tracking_id,
        product_key: key,
        catalog_id: after.catalog_id,
        batch_id: after.batch_id,
        error_code: code,
        source: failure?.source ?? null,
        raw_code: failure?.rawCode ?? code,
        message: failure ? keptWords(failure, licences) : "",
        attempts: item.attempts,
        failed_at: failedAt,
      },
    ];
  });
