import { missingFields } from "../../common/core/products/assembly/missing-fields.ts";
import { assembleProduct } from "../../common/core/products/assembly/product-assembly.ts";
import type { Product } from "../../common/core/products/product.ts";
import { qualityOf } from "../../common/core/products/quality/quality.ts";
import type { SourceId } from "../../common/core/source-ids.ts";
import type { SearchRequest } from "../../common/core/sources/source-client.ts";
import { askOnce } from "../../common/services/fetch/ask-once.ts";
import { INTERACTIVE, type InteractiveDeps } from "../../common/services/fetch/interactive-chain.ts";
import { isReady } from "../../common/sources/chain/chain-source.ts";
import { searchProducts } from "../../common/sources/chain/search-products.ts";
import { noSourceConfigured, searchRefusal } from "./refusal-of.ts";

/** What a search found. */
export interface Found {
  readonly source: SourceId;
  /** In the source's order. None of them is stored. */
  readonly products: readonly Product[];
}

/**
 * Searches a shop at the first source that can, and at the next one when it refuses, fails or finds nothing.
 * @param deadlineMs epoch milliseconds by which the answer is there
 * @throws ConflictError `no_source_configured` or `no_source_can_search`
 * @throws TransientError when the sources that can search cannot be asked now
 */
export type SearchNow = (search: SearchRequest, deadlineMs: number) => Promise<Found>;

/** Builds `SearchNow`. */
export const createSearchNow =
  (deps: InteractiveDeps): SearchNow =>
  async (search, deadlineMs) => {
    const { marketplace } = search;
    const sources = await deps.readSources();
    if (!sources.some(isReady)) throw noSourceConfigured();
    const { source, products, troubles } = await askOnce(deps, sources, deadlineMs, (chain) =>
      searchProducts(chain, search, INTERACTIVE),
    );
    const nowMs = deps.clock.now();
    if (source === null) throw searchRefusal(troubles, marketplace, nowMs);
    const found = products.map(({ asin, ...merged }): Product => {
      const missing = missingFields(merged.fields, () => `${source} did not say it in a search`);
      const quality = qualityOf(merged, { nowMs, ratingPossible: true });
      return assembleProduct(null, { asin, marketplace, ...merged, missing, quality }, nowMs);
    });
    return { source, products: found };
  };
