import type { KnownProduct } from "../../adapters/dynamodb/products/product-reader.ts";
import { SOURCE_IDS, type SourceId } from "../../core/source-ids.ts";
import { OWN_CODES } from "../../core/sources/failure-codes.ts";
import type { SourceFailure } from "../../sources/chain/chain-request.ts";

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
