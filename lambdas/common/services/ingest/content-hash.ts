import { createHash } from "node:crypto";
import { type AsinSet, writeAsin } from "../../core/catalogs/ingest/rows/asin-set.ts";
import { ASIN_CHARACTERS } from "../../core/products/asin.ts";
import { productKey } from "../../core/products/product-key.ts";

const LINES_AT_ONCE = 1000;

/**
 * SHA-256, hex, of a catalog's product keys in ascending order, each followed by a line feed: two files with the same
 * products have the same hash, however they are written, ordered or named.
 */
export const contentHash = (products: ReadonlyMap<string, AsinSet>): string => {
  const hash = createHash("sha256");
  for (const marketplace of [...products.keys()].sort()) {
    // Bytes and no strings: a million of those would cost more than the hash. Only the ASINs change in them.
    const start = Buffer.from(productKey(marketplace, ""));
    const line = Buffer.from(`${productKey(marketplace, "0".repeat(ASIN_CHARACTERS))}\n`);
    const lines = Buffer.alloc(line.length * LINES_AT_ONCE, line);
    let used = 0;
    for (const key of products.get(marketplace)?.sortedKeys() ?? []) {
      writeAsin(key, lines, used + start.length);
      used += line.length;
      if (used < lines.length) continue;
      hash.update(lines);
      used = 0;
    }
    hash.update(lines.subarray(0, used));
  }
  return hash.digest("hex");
};
