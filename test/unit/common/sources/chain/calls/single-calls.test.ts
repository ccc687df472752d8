import { describe, expect, it } from "vitest";
import type { Variant } from "../../../../../../lambdas/common/core/products/product.ts";
import type { SourceOperation } from "../../../../../../lambdas/common/core/sources/source-descriptor.ts";
import type { ReadySource } from "../../../../../../lambdas/common/sources/chain/chain-source.ts";
import { searchProducts } from "../../../../../../lambdas/common/sources/chain/search-products.ts";
import { fetchVariants } from "../../../../../../lambdas/common/sources/chain/variations/fetch-variants.ts";
import { bench, FULL, fakeSource, leave, START, sourceError, US } from "../fakes.ts";

const options = { provider: null, fallback: true, priority: "interactive", horizonMs: 10_000 } as const;
const withOperation = (source: ReadySource, name: string): ReadySource => {
  const operation: SourceOperation = { name, idsPerCall: 1, limitKey: null, cost: () => 1 };
  return { ...source, descriptor: { ...source.descriptor, operations: [...source.descriptor.operations, operation] } };
};
const picture = { small: null, medium: null, large: "https://x.test/1.jpg" };
const variant = (number: number, colorName: string | null, pictured = true): Variant => ({
  asin: `B0${String(number).padStart(8, "0")}`,
  color_name: colorName,
  images: pictured ? [picture] : [],
});

describe("colour variants", () => {
  const pages: Variant[][] = [
    [variant(1, "Red", false), variant(2, "Blue"), variant(3, null)],
    [variant(4, "red "), variant(5, "Green")],
  ];
  const giving = (fail?: (page: number) => Error | undefined) =>
    withOperation(
      fakeSource({
        id: "creators-api",
        client: {
          fetchVariations: async ({ page }, signal) => {
            await leave(signal);
            const error = fail?.(page);
            if (error) throw error;
            return { parentAsin: "B0PARENT00", variants: pages[page - 1] ?? [], pages: 2, raw: "{}", signals: {} };
          },
        },
      }),
      "get-variations",
    );
  const request = { asin: "B000000001", marketplace: US, options };

  it("takes all pages, each in a slot of its own, and one variant for each colour", async () => {
    const { deps, limiter, calls } = bench([giving()], { recordRaw: async ({ operation }) => `raw/${operation}` });
    const result = await fetchVariants(deps, request);
    expect(result).toMatchObject({
      kind: "found",
      source: "creators-api",
      parentAsin: "B0PARENT00",
      rawKeys: ["raw/get-variations", "raw/get-variations"],
    });
    expect(result.kind === "found" && result.variants.map(({ asin }) => asin)).toEqual([
      "B000000004",
      "B000000002",
      "B000000005",
    ]);
    expect(limiter.reserved).toHaveLength(2);
    expect(calls).toHaveLength(2);
  });

  it("says why they are unfinished when a page fails, and that no source can give them", async () => {
    const failing = giving((page) =>
      page === 2 ? sourceError("creators-api", "retriable", "Timeout", { retryAfterMs: 5_000 }) : undefined,
    );
    const { deps, clock } = bench([failing]);
    expect(await fetchVariants(deps, request)).toMatchObject({
      kind: "unfinished",
      troubles: [{ source: "creators-api", code: "Timeout", retryable: true }],
    });
    expect(clock.now()).toBe(START + 1_000);
    expect(await fetchVariants(bench([fakeSource({ id: "keepa" })]).deps, request)).toEqual({ kind: "none" });
  });

  it("keep the pages that were paid for before one failed, whether another source finishes or not", async () => {
    const failing = giving((page) =>
      page === 2 ? sourceError("creators-api", "retriable", "InternalError") : undefined,
    );
    const recordRaw = async ({ source }: { source: string }) => `raw/${source}`;
    expect(await fetchVariants(bench([failing], { recordRaw }).deps, request)).toMatchObject({
      kind: "unfinished",
      rawKeys: ["raw/creators-api"],
    });
    const other = giving();
    const paapi = { ...other, descriptor: { ...other.descriptor, id: "paapi" as const } };
    const both = bench([failing, paapi], { recordRaw });
    expect(await fetchVariants(both.deps, request)).toMatchObject({
      kind: "found",
      source: "paapi",
      rawKeys: ["raw/creators-api", "raw/paapi", "raw/paapi"],
    });
  });

  it("say that a page was not archived, even when they are unfinished", async () => {
    const failing = giving((page) =>
      page === 2 ? sourceError("creators-api", "retriable", "InternalError") : undefined,
    );
    const recordRaw = () => Promise.reject(new Error("bucket away"));
    const result = await fetchVariants(bench([failing], { recordRaw }).deps, request);
    expect(result.kind === "unfinished" && result.warnings).toEqual([expect.stringContaining("bucket away")]);
  });
});

describe("search", () => {
  const finding = (id: "creators-api" | "keepa", found: string[], error?: Error) =>
    withOperation(
      fakeSource({
        id,
        client: {
          search: async () => {
            if (error) throw error;
            return { products: found.map((asin) => ({ asin, fields: FULL })), failures: [], raw: "{}", signals: {} };
          },
        },
      }),
      id === "keepa" ? "search" : "search-items",
    );
  const query = { marketplace: US, query: "lamp", category: "All", limit: 2 };

  it("answers from the first source with its origin, cut to the limit", async () => {
    const sources = [
      finding("creators-api", ["B000000001", "B000000002", "B000000003"]),
      finding("keepa", ["B000000009"]),
    ];
    const result = await searchProducts(bench(sources).deps, query, options);
    expect(result.source).toBe("creators-api");
    expect(result.products.map(({ asin }) => asin)).toEqual(["B000000001", "B000000002"]);
    expect(result.products[0]?.provenance.title?.source).toBe("creators-api");
  });

  it("goes to the next source on a refusal, a failure and an empty result", async () => {
    const keepa = finding("keepa", ["B000000009"]);
    const refused = bench([finding("creators-api", ["B000000001"]), keepa]);
    refused.limiter.refuse("creators-api#me", "daily-quota", START + 1_000_000);
    expect(await searchProducts(refused.deps, query, options)).toMatchObject({
      source: "keepa",
      troubles: [{ code: "daily-quota", retryAtMs: START + 1_000_000 }],
    });
    const failing = finding("creators-api", [], sourceError("creators-api", "critical", "InvalidClient"));
    expect((await searchProducts(bench([failing, keepa]).deps, query, options)).source).toBe("keepa");
    expect((await searchProducts(bench([finding("creators-api", []), keepa]).deps, query, options)).source).toBe(
      "keepa",
    );
  });

  it("tells a search that found nothing from one that nobody could make", async () => {
    const nothing = await searchProducts(bench([finding("creators-api", [])]).deps, query, options);
    expect(nothing).toEqual({ source: "creators-api", products: [], troubles: [] });
    const broken = bench([finding("creators-api", [])]);
    broken.limiter.broken = new Error("table away");
    expect(await searchProducts(broken.deps, query, options)).toMatchObject({
      source: null,
      troubles: [{ code: "limiter-unavailable", retryable: true }],
    });
  });
});
