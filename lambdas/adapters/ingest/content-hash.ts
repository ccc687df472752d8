import { createHash } from "node:crypto";
import type { AsinSet } from "../../core/ingest/asin-set.ts";
import { productKey } from "../../core/product-key.ts";

const LINES_AT_ONCE = 1000;

/**
 * SHA-256, hex, of a catalog's product keys in ascending order, each followed by a line feed: two files with the same
 * products have the same hash, however they are written, ordered or named.
 */
export const contentHash = (products: ReadonlyMap<string, AsinSet>): string => {
  const hash = createHash("sha256");
  for (const marketplace of [...products.keys()].sort()) {
    let lines = "";
    let count = 0;
    for (const asin of products.get(marketplace)?.sorted() ?? []) {
      lines += `${productKey(marketplace, asin)}\n`;
      if (++count % LINES_AT_ONCE !== 0) continue;
      hash.update(lines);
      lines = "";
    }
    hash.update(lines);
  }
  return hash.digest("hex");
};
