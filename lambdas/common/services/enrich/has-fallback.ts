import type { SourceId } from "../../core/source-ids.ts";
import { type ChainSource, isReady } from "../../sources/chain/chain-source.ts";

/**
 * Whether another source can take over now from one that refused the account: it has credentials, serves one of the same shops,
 * gives real products, and its limits let calls through.
 * @param serving sources whose limits let calls through
 */
export const hasFallback = (
  refused: SourceId,
  sources: readonly ChainSource[],
  serving: ReadonlySet<SourceId>,
): boolean => {
  const shops = sources.find(({ descriptor }) => descriptor.id === refused)?.descriptor.marketplaces;
  return sources.filter(isReady).some(
    ({ descriptor: { id, accuracy, marketplaces } }) =>
      id !== refused &&
      serving.has(id) &&
      // Invented products are none.
      accuracy > 0 &&
      (shops === undefined || marketplaces.some((shop) => shops.includes(shop))),
  );
};
