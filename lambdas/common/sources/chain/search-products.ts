import { isoTime } from "../../core/clock.ts";
import { type MergedFields, mergeFields, NOTHING_MERGED } from "../../core/products/merge.ts";
import type { SourceId } from "../../core/source-ids.ts";
import type { SearchRequest } from "../../core/sources/source-client.ts";
import { type CallTrouble, callInSlot } from "./calls/call-in-slot.ts";
import type { ChainDeps } from "./chain-deps.ts";
import type { ChainOptions } from "./chain-request.ts";
import { readyIn, sourcesFor } from "./plan/source-plan.ts";

/** Names under which sources declare their search. */
const SEARCH_OPERATIONS = new Set(["search-items", "search"]);

/** What a search found, and which sources it could not use. */
export interface SearchResult {
  /** The source that answered; null when none could. */
  readonly source: SourceId | null;
  readonly products: readonly ({ readonly asin: string } & MergedFields)[];
  /** Why the other sources gave no answer, in order. */
  readonly troubles: readonly CallTrouble[];
}

/**
 * Searches at the first source that can, and at the next one when it refuses, fails or finds nothing.
 * An empty result with a source means that the last source to answer found nothing.
 */
export const searchProducts = async (
  deps: ChainDeps,
  search: SearchRequest,
  options: ChainOptions,
): Promise<SearchResult> => {
  const { marketplace } = search;
  const troubles: CallTrouble[] = [];
  let answered: SourceId | null = null;
  for (const source of readyIn(sourcesFor(deps.sources, marketplace, options), marketplace)) {
    const operation = source.descriptor.operations.find(({ name }) => SEARCH_OPERATIONS.has(name));
    const { search: find } = source.client;
    if (!operation || !find) continue;
    const run = (signal: AbortSignal) => find.call(source.client, search, signal);
    const called = await callInSlot(deps, { source, operation, marketplace, options, run });
    if (!called.ok) {
      troubles.push(called.trouble);
      continue;
    }
    answered = source.descriptor.id;
    const from = { source: answered, fetched_at: isoTime(deps.clock.now()) };
    const products = called.answer.products
      .slice(0, search.limit)
      .map(({ asin, fields, cuts }) => ({ asin, ...mergeFields(NOTHING_MERGED, fields, from, cuts) }));
    if (products.length > 0) return { source: answered, products, troubles };
  }
  return { source: answered, products: [], troubles };
};
