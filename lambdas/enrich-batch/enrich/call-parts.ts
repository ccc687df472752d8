import type { SourceId } from "../../common/core/source-ids.ts";
import type { ChainResult } from "../../common/sources/chain/chain-result.ts";
import { type ChainSource, isReady } from "../../common/sources/chain/chain-source.ts";
import type { BatchProduct } from "./due-products.ts";

/** What of a product decides which call it goes with. */
type Called = Pick<BatchProduct, "marketplace" | "waited">;

/** Calls whose products are delivered together: few, so that results show soon; whole ones, so that calls are full. */
const CALLS_PER_PART = 2;
/** The first one alone: who waits for a catalog sees its first products after one call. */
const CALLS_OF_FIRST_PART = 1;

/**
 * Products a call of the source that serves them, which is the first one that the part before called; a source that is
 * out for the day must not cut the next one's calls short.
 */
export const callSize = (
  sources: readonly ChainSource[],
  provider: SourceId | null,
  called: ChainResult["calls"],
): number => {
  const ready = sources.filter(isReady).map(({ descriptor }) => descriptor);
  const main = ready.find(({ id }) => called[id] !== undefined) ?? ready.find(({ id }) => id === provider) ?? ready[0];
  return main?.operations[0]?.idsPerCall ?? 10;
};

/**
 * Shops apart, because a call serves one shop only. Those that have waited for company come first: in a shop's last
 * call, which may be short, they would keep the others from waiting.
 */
export const inCallOrder = (one: Called, other: Called): number =>
  Number(one.marketplace > other.marketplace) - Number(one.marketplace < other.marketplace) ||
  Number(other.waited) - Number(one.waited);

/**
 * The products from `from` on that are delivered together: whole calls. Where a shop begins in the middle, what would
 * be a short call of it goes with the products of the same shop that follow.
 */
export const partFrom = <Product extends Called>(
  wanted: readonly Product[],
  from: number,
  perCall: number,
): readonly Product[] => {
  const calls = from === 0 ? CALLS_OF_FIRST_PART : CALLS_PER_PART;
  const part = wanted.slice(from, from + calls * perCall);
  const shop = part.at(-1)?.marketplace;
  if (wanted[from + part.length]?.marketplace !== shop) return part;
  const ofShop = part.filter(({ marketplace }) => marketplace === shop).length;
  return part.slice(0, part.length - (ofShop % perCall));
};
