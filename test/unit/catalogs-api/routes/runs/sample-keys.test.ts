import { describe, expect, it } from "vitest";
import { sampleKeys } from "../../../../../lambdas/catalogs-api/routes/runs/sample-keys.ts";
import type { CatalogSegment } from "../../../../../lambdas/common/core/catalogs/catalog-segment.ts";
import { asinNumber } from "../../../../helpers/rows.ts";

const segment = (marketplace: string, products: number): CatalogSegment => ({
  ...{ marketplace, products, key: marketplace, index_key: `${marketplace}.index` },
});

const sampled = async (...segments: CatalogSegment[]) => {
  const reads: { marketplace: string; from: number; count: number }[] = [];
  const keys = await sampleKeys(async ({ marketplace, products }, from, count) => {
    reads.push({ marketplace, from, count });
    return Array.from({ length: Math.min(count, products - from) }, (_, n) => ({ asin: asinNumber(from + n) }));
  }, segments);
  return { keys, reads };
};

describe("the sample of a stored catalog", () => {
  it("is all of a small one, shop by shop", async () => {
    const { keys, reads } = await sampled(segment("www.amazon.com", 3), segment("www.amazon.de", 2));
    expect(keys).toEqual([
      ...[0, 1, 2].map((n) => `www.amazon.com#${asinNumber(n)}`),
      ...[0, 1].map((n) => `www.amazon.de#${asinNumber(n)}`),
    ]);
    expect(reads).toHaveLength(2);
  });

  it("is spread evenly over a large one, in few reads, with every shop in it", async () => {
    const { keys, reads } = await sampled(segment("www.amazon.com", 1_000_000), segment("www.amazon.de", 30));
    expect(reads.length).toBeLessThanOrEqual(22);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(900);
    expect(keys.length).toBeLessThan(1_200);
    const from = reads.filter(({ marketplace }) => marketplace === "www.amazon.com").map((read) => read.from);
    expect(from[0]).toBe(0);
    expect(Math.max(...from)).toBeGreaterThan(940_000);
    expect(keys.filter((key) => key.startsWith("www.amazon.de#")).length).toBe(30);
  });

  it("is empty when there are no products", async () => {
    expect((await sampled(segment("www.amazon.com", 0))).reads).toEqual([]);
  });
});
