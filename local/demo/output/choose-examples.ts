import type { CatalogProduct } from "../../../lambdas/common/core/contract/catalogs/products.ts";

const ENRICHED_SHOWN = 6;
const OTHERS_SHOWN = 2;

/** A few products worth showing: those with the most to show first, then some that failed. */
export const chooseExamples = (
  enriched: readonly CatalogProduct[],
  failed: readonly CatalogProduct[],
): CatalogProduct[] => {
  const worth = ({ product }: CatalogProduct): number =>
    (product?.current_price ? 2 : 0) + (product?.title ? 1 : 0) + (product?.quality.overall ?? 0);
  const best = [...enriched].sort((a, b) => worth(b) - worth(a));
  return [...best.slice(0, ENRICHED_SHOWN), ...failed.slice(0, OTHERS_SHOWN)];
};
