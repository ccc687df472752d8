import { describe, expect, it, vi } from "vitest";
import type { Variant } from "../../../../lambdas/common/core/products/product.ts";
import type { ReadySource } from "../../../../lambdas/common/sources/chain/chain-source.ts";
import {
  asins,
  DE,
  type FakeSource,
  FULL,
  fakeSource,
  START,
  sourceError,
  US,
} from "../../common/sources/chain/fakes.ts";
import { SourcesWorld } from "../sources-world.ts";

const [A = "", B = "", C = ""] = asins(3);
const HOUR = 3_600_000;

describe("bulk work", () => {
  it("looks 2 s ahead for a slot, and as far as express runs once it came back many times", async () => {
    const world = new SourcesWorld(fakeSource({ id: "creators-api" }));
    const reserve = vi.spyOn(world.limiter, "reserve");
    await world.visit([A]);
    await world.visit([B], {}, 3);
    await world.visit([C], {}, 4);
    expect(reserve.mock.calls.map(([, request]) => request)).toMatchObject([
      { priority: "bulk", horizonMs: 2_000 },
      { priority: "bulk", horizonMs: 2_000 },
      { priority: "bulk", horizonMs: 5_000 },
    ]);
  });
});

describe("calls are full", () => {
  const sizes = ({ asked }: FakeSource) => asked.map(({ marketplace, asins: ids }) => [marketplace, ids.length]);

  it("where a shop begins in the middle of what is delivered together", async () => {
    const source = fakeSource({ id: "creators-api" });
    const all = asins(34).map((asin, index) => ({ asin, marketplace: index < 14 ? US : DE }));
    const { outcomes } = await new SourcesWorld(source).visitAll(all.toReversed());
    expect(outcomes.size).toBe(34);
    expect(sizes(source)).toEqual([
      [US, 10],
      [US, 4],
      [DE, 10],
      [DE, 10],
    ]);
  });

  it("with those that have waited for company, so that what is left may wait for its slot", async () => {
    const source = fakeSource({ id: "creators-api" });
    const all = asins(25).map((asin, index) => ({ asin, waited: index >= 22 }));
    const { outcomes } = await new SourcesWorld(source).visitAll(all);
    expect(sizes(source)).toEqual([
      [US, 10],
      [US, 10],
    ]);
    const waiting = [...outcomes].filter(([, { result }]) => result.kind === "wait").map(([asin]) => asin);
    // The last five of those that had not waited.
    expect(waiting).toEqual(all.slice(17, 22).map(({ asin }) => asin));
  });
});

it("counts calls for analytics, with the single ids that failed inside them", async () => {
  const creators = fakeSource({ id: "creators-api", reply: (asin) => (asin === A ? FULL : "ItemNotAccessible") });
  const keepa = fakeSource({
    id: "keepa",
    fail: () => sourceError("keepa", "critical", "InvalidKey", { status: 401 }),
  });
  const world = new SourcesWorld(creators, keepa);
  await world.visit([A, B]);
  expect(world.counted).toEqual([
    { source: "creators-api", outcome: "success", latencyMs: 0, itemFailures: { ItemNotAccessible: 1 } },
    { source: "keepa", outcome: "failed", code: "InvalidKey", latencyMs: 0, itemFailures: {} },
  ]);
});

describe("variations", () => {
  const picture = { small: null, medium: null, large: "https://x.test/1.jpg" };
  const red: Variant = { asin: "B0RED00000", color_name: "Red", images: [picture] };
  const blue: Variant = { asin: "B0BLUE0000", color_name: "Blue", images: [picture] };
  const PAGES = [[red], [blue]];
  const giving = (options: { variants?: Variant[][]; fail?: (page: number) => Error | undefined } = {}) => {
    const { variants = PAGES, fail } = options;
    const pages: number[] = [];
    const source: FakeSource = fakeSource({
      id: "creators-api",
      client: {
        fetchVariations: async ({ page }) => {
          pages.push(page);
          const error = fail?.(page);
          if (error) throw error;
          const parentAsin = variants.length > 0 ? "B0PARENT00" : null;
          return { parentAsin, variants: variants[page - 1] ?? [], pages: variants.length, raw: "{}", signals: {} };
        },
      },
    });
    const operation = { name: "get-variations", idsPerCall: 1, limitKey: "variations", cost: () => 1 };
    const { descriptor } = source;
    const able: ReadySource = {
      ...source,
      descriptor: { ...descriptor, operations: [...descriptor.operations, operation] },
    };
    return { source: able, pages, asked: source.asked };
  };
  const options = { include_variations: true };

  it("come with the product: all pages, each in its own slot, with their raw answers", async () => {
    const { source, pages } = giving();
    const world = new SourcesWorld(source);
    const { outcomes } = await world.visit([A], options);
    expect(outcomes.get(A)?.result).toMatchObject({ kind: "enriched", fromCache: false });
    expect(outcomes.get(A)?.product?.product).toMatchObject({
      parent_asin: "B0PARENT00",
      variants: [red, blue],
      provenance: { variants: { source: "creators-api" } },
    });
    expect(pages).toEqual([1, 2]);
    expect(world.limiter.reserved).toHaveLength(3);
    expect(outcomes.get(A)?.product?.raw_keys).toEqual(world.archived);
    expect(world.archived).toHaveLength(3);
  });

  it("are not asked for unless the run wants them, and then only they are", async () => {
    const { source, pages, asked } = giving();
    const world = new SourcesWorld(source);
    await world.visit([A]);
    expect(pages).toEqual([]);
    await world.visit([A], options);
    expect(asked).toHaveLength(1);
    expect(pages).toEqual([1, 2]);
    const { outcomes } = await world.visit([A], options);
    expect(outcomes.get(A)?.result).toMatchObject({ kind: "enriched", fromCache: true });
    expect(pages).toEqual([1, 2]);
  });

  it("of one family are listed once for all its children of a visit", async () => {
    const { source, pages } = giving();
    const named = {
      ...source,
      client: fakeSource({ id: "creators-api", reply: () => ({ ...FULL, parent_asin: "B0PARENT00" }) }).client,
    };
    const world = new SourcesWorld({
      ...named,
      client: { ...source.client, fetchProducts: named.client.fetchProducts },
    });
    const { outcomes } = await world.visit([A, B], options);
    expect(pages).toEqual([1, 2]);
    expect(outcomes.get(B)?.product?.product.variants).toEqual([red, blue]);
  });

  it("that a product does not have are said to be missing, and are not asked for again", async () => {
    const { source, pages } = giving({ variants: [] });
    const world = new SourcesWorld(source);
    const { outcomes } = await world.visit([A], options);
    expect(outcomes.get(A)?.product?.product.variants).toBeNull();
    expect(outcomes.get(A)?.product?.product.missing).toContainEqual({
      field: "variants",
      reason: "creators-api lists no colours for it",
    });
    await world.visit([A], options);
    expect(pages).toEqual([1]);
  });

  it("without a slot make the product wait with all that it has", async () => {
    const { source, pages, asked } = giving();
    const world = new SourcesWorld(source);
    world.limiter.refuse("creators-api#me#variations", "daily-quota", START + HOUR);
    const { outcomes, blockedBy } = await world.visit([A], options);
    expect(outcomes.get(A)?.result).toEqual({
      ...{ kind: "wait", retryAtMs: START + HOUR, shortCall: false, later: false, source: "creators-api" },
    });
    expect(outcomes.get(A)?.product?.product).toMatchObject({ status: "active", title: FULL.title, variants: null });
    expect(blockedBy).toMatchObject([{ source: "creators-api", code: "daily-quota" }]);
    world.limiter.refusals.clear();
    const later = await world.visit([A], options);
    expect(later.outcomes.get(A)?.product?.product.variants).toEqual([red, blue]);
    expect([asked.length, pages.length]).toEqual([1, 2]);
  });

  it.each([
    [
      "a failing page",
      giving({ fail: (page) => (page === 2 ? sourceError("creators-api", "retriable", "InternalError") : undefined) }),
    ],
    ["refused credentials", giving({ fail: () => sourceError("creators-api", "critical", "InvalidClient") })],
  ])("never fail the product: after %s it is enriched, and the reason stands in it", async (_, { source }) => {
    const { outcomes } = await new SourcesWorld(source).visit([A], options);
    expect(outcomes.get(A)?.result).toMatchObject({ kind: "enriched" });
    const [missing] = outcomes.get(A)?.product?.product.missing.filter(({ field }) => field === "variants") ?? [];
    expect(missing?.reason).toMatch(/they could not be listed \(creators-api: (InternalError|InvalidClient)/);
  });

  it("keep the raw answers of pages that were paid for, when a later page fails", async () => {
    const fail = (page: number) => (page === 2 ? sourceError("creators-api", "retriable", "InternalError") : undefined);
    const world = new SourcesWorld(giving({ fail }).source);
    const { outcomes } = await world.visit([A], options);
    expect(outcomes.get(A)?.result).toMatchObject({ kind: "enriched" });
    expect(world.archived).toHaveLength(2);
    expect(outcomes.get(A)?.product?.raw_keys).toEqual(world.archived);
  });

  it("keep them as well when the product waits for a slot, the second time too", async () => {
    const slow = (page: number) =>
      page === 2
        ? sourceError("creators-api", "throttled", "TooManyRequests", { status: 429, retryAfterMs: HOUR })
        : undefined;
    const world = new SourcesWorld(giving({ fail: slow }).source);
    const first = await world.visit([A], options);
    expect(first.outcomes.get(A)?.result.kind).toBe("wait");
    expect(first.outcomes.get(A)?.product?.raw_keys).toEqual(world.archived);
    const second = await world.visit([A], options);
    expect(second.outcomes.get(A)?.result.kind).toBe("wait");
    expect(world.archived).toHaveLength(3);
    expect(world.table.get(`${US}#${A}`)?.raw_keys).toEqual(world.archived);
  });

  it("are missing with the reason when no source can list them", async () => {
    const { outcomes } = await new SourcesWorld(fakeSource({ id: "keepa" })).visit([A], options);
    expect(outcomes.get(A)?.product?.product.missing).toContainEqual({
      field: "variants",
      reason: "no source that may be asked lists the colours of a product",
    });
  });
});
