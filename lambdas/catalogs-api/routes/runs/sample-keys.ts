import type { CatalogSegment } from "../../../common/core/catalogs/catalog-segment.ts";
import { productKey } from "../../../common/core/products/product-key.ts";
import type { ReadProductRows } from "../../catalog-reads.ts";

/** Catalogs up to this size are read whole; an upload counts as many. */
const MAX_KEYS = 2_000;
/** Larger ones are read in so many stretches, evenly spread, each one request to S3. */
const STRETCHES = 20;
const ROWS_PER_STRETCH = 50;
const READS_AT_ONCE = 10;

interface Stretch {
  readonly segment: CatalogSegment;
  readonly from: number;
  readonly count: number;
}

/** Stretches of one segment, so many that each shop has its share of the sample, and none is left out. */
const stretchesOf = (segment: CatalogSegment, products: number): Stretch[] => {
  if (products <= MAX_KEYS) return [{ segment, from: 0, count: segment.products }];
  const stretches = Math.ceil((segment.products / products) * STRETCHES);
  const step = segment.products / stretches;
  return Array.from({ length: stretches }, (_, index) => ({
    segment,
    from: Math.floor(index * step),
    count: Math.min(ROWS_PER_STRETCH, Math.ceil(step)),
  }));
};

/**
 * Product keys of a stored catalog for counting how many are still fresh: all of a small one, some 1,000 of a large one.
 * @throws NotFoundError when the catalog was deleted meanwhile
 * @throws TransientError when its file cannot be read now
 */
export const sampleKeys = async (
  readProductRows: ReadProductRows,
  segments: readonly CatalogSegment[],
): Promise<string[]> => {
  const products = segments.reduce((sum, segment) => sum + segment.products, 0);
  const stretches = segments
    .filter((segment) => segment.products > 0)
    .flatMap((segment) => stretchesOf(segment, products));
  const keys: string[] = [];
  for (let from = 0; from < stretches.length; from += READS_AT_ONCE) {
    const part = stretches.slice(from, from + READS_AT_ONCE).map(async ({ segment, from: row, count }) => {
      const rows = await readProductRows(segment, row, count);
      return rows.map(({ asin }) => productKey(segment.marketplace, asin));
    });
    keys.push(...(await Promise.all(part)).flat());
  }
  return keys;
};
