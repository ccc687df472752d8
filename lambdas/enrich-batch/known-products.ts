import type { KnownProduct } from "../adapters/dynamodb/products/product-store.ts";
import { freshFieldsOf } from "../core/products/fresh-fields.ts";
import { isReusable } from "../core/products/freshness.ts";
import { type MergedFields, NOTHING_MERGED } from "../core/products/merge.ts";
import type { Product } from "../core/products/product.ts";
import { SOURCE_IDS, type SourceId } from "../core/source-ids.ts";
import { OWN_CODES } from "../core/sources/failure-codes.ts";
import type { SourceFailure } from "../sources/chain/chain-request.ts";

/** How long a source is believed that it does not have a product. */
export const NOT_FOUND_MS = 24 * 3600 * 1000;

/** Whether a source said within the last day that it does not have the product. */
export const isRemembered = (known: KnownProduct | undefined, source: SourceId, nowMs: number): boolean =>
  Date.parse(known?.not_found[source] ?? "1970-01-01") > nowMs;

/** Whether it said so before the product was reopened: who retries wants to know anew. */
const isOutdated = (known: KnownProduct | undefined, source: SourceId, reopenedAt: string | undefined): boolean =>
  reopenedAt !== undefined &&
  Date.parse(known?.not_found[source] ?? "1970-01-01") - NOT_FOUND_MS <= Date.parse(reopenedAt);

/**
 * Sources that said within the last day that they do not have the product, as the chain takes them.
 * @param reopenedAt when a retry reopened it; what was said before does not count then
 */
export const rememberedFailures = (
  known: KnownProduct | undefined,
  nowMs: number,
  reopenedAt?: string,
): SourceFailure[] =>
  SOURCE_IDS.filter((source) => isRemembered(known, source, nowMs) && !isOutdated(known, source, reopenedAt)).map(
    (source) => ({
      source,
      code: OWN_CODES.NOT_FOUND,
      message: `${source} did not have it; it is asked again from ${known?.not_found[source]}`,
      failureClass: "not_found",
    }),
  );

/** The product, when it may be served from the table as it is. */
export const reusable = (known: KnownProduct | undefined, nowMs: number): Product | undefined => {
  const product = known?.product;
  if (!product || !isReusable(product, nowMs)) return undefined;
  // Kept only as a soft delete: all sources said that it does not exist.
  if (product.status === "unavailable" && rememberedFailures(known, nowMs).length > 0) return undefined;
  return product;
};

/** Fields that need not be paid for again, such as those of a product that waited for its next source. */
export const paidFields = (known: KnownProduct | undefined, nowMs: number): MergedFields =>
  known?.product ? freshFieldsOf(known.product, nowMs) : NOTHING_MERGED;
