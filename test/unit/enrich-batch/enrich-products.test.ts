import { describe, expect, it, vi } from "vitest";
import type { Variant } from "../../../lambdas/common/core/products/product.ts";
import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import type { ReadySource } from "../../../lambdas/common/sources/chain/chain-source.ts";
import { asins, DE, type FakeSource, FULL, fakeSource, START, sourceError, US } from "../common/sources/chain/fakes.ts";
import { SourcesWorld } from "./sources-world.ts";

const [A = "", B = "", C = ""] = asins(3);
const { current_price: _price, currency: _currency, availability_type: _type, ...UNPRICED } = FULL;
const HOUR = 3_600_000;

describe("a product that waits for its next source", () => {
  const unpriced = () => fakeSource({ id: "creators-api", reply: () => UNPRICED });
  const waitingForKeepa = async () => {
    const creators = unpriced();
    const keepa = fakeSource({ id: "keepa" });
    const world = new SourcesWorld(creators, keepa);
    world.limiter.refuse("keepa#me", "rate", START + 180_000);
    const { outcomes, blockedBy } = await world.visit([A]);
    world.limiter.refusals.clear();
    world.clock.advance(180_000);
    return { world, creators, keepa, first: outcomes.get(A), blockedBy };
  };

  it("is stored as a draft, says when it goes on, and pays its first source only once", async () => {
    const { world, creators, keepa, first, blockedBy } = await waitingForKeepa();
    expect(first?.result).toEqual({
      ...{ kind: "wait", retryAtMs: START + 180_000, shortCall: false },
      ...{ later: true, source: "keepa" },
    });
    expect(first?.product?.product).toMatchObject({ status: "draft", title: FULL.title, current_price: null });
    expect(blockedBy).toMatchObject([{ source: "keepa", code: "rate" }]);

    const { outcomes } = await world.visit([A]);
    expect(creators.asked).toHaveLength(1);
    expect(keepa.asked).toHaveLength(1);
    expect(outcomes.get(A)?.result).toMatchObject({ kind: "enriched", fromCache: false, incomplete: false });
    expect(outcomes.get(A)?.product?.product).toMatchObject({
      status: "active",
      current_price: FULL.current_price,
      provenance: { title: { source: "creators-api" }, current_price: { source: "keepa" } },
    });
    // The product was made from both answers.
    expect(outcomes.get(A)?.product?.raw_keys).toEqual(world.archived);
    expect(world.archived).toHaveLength(2);
  });

  it("needs its first source again in a forced run, which uses nothing stored", async () => {
    const world = new SourcesWorld(unpriced(), fakeSource({ id: "keepa" }));
    world.limiter.refuse("keepa#me", "daily-quota", START + 10 * HOUR);
    const { outcomes } = await world.visit([A], { force: true });
    expect(outcomes.get(A)?.result).toMatchObject({ kind: "wait", later: false });
  });

  it.each([
    ["NotFound", undefined],
    ["ItemNotAccessible", true],
  ])("says whether its first source, which said %s, is asked again then", async (code, asksFirst) => {
    const creators = fakeSource({ id: "creators-api", reply: () => code });
    const world = new SourcesWorld(creators, fakeSource({ id: "keepa" }));
    world.limiter.refuse("keepa#me", "rate", START + 20_000);
    const { outcomes } = await world.visit([A]);
    const result = outcomes.get(A)?.result;
    expect(result).toMatchObject({ kind: "wait", later: true, source: "keepa" });
    expect(result && "asksFirst" in result ? result.asksFirst : undefined).toBe(asksFirst);
  });

  it("is not stored again when a visit brought nothing new", async () => {
    const { world } = await waitingForKeepa();
    world.limiter.refuse("keepa#me", "daily-quota", START + 10 * HOUR);
    const { outcomes } = await world.visit([A]);
    expect(outcomes.get(A)?.result).toMatchObject({ kind: "wait", retryAtMs: START + 10 * HOUR });
    expect(outcomes.get(A)).not.toHaveProperty("product");
  });

  it("pays again after 24 hours, and whenever the run is forced", async () => {
    const { world, creators } = await waitingForKeepa();
    await world.visit([A], { force: true });
    expect(creators.asked).toHaveLength(2);
    const later = await waitingForKeepa();
    later.world.clock.advance(25 * HOUR);
    await later.world.visit([A]);
    expect(later.creators.asked).toHaveLength(2);
  });
});

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

describe("credentials that a source refuses", () => {
  const refusing = (id: SourceId) =>
    fakeSource({ id, fail: () => sourceError(id, "critical", "InvalidClient", { status: 401 }) });

  it("are read anew, and what waits for them is looked at again within a minute", async () => {
    const world = new SourcesWorld(refusing("creators-api"));
    const { outcomes, blockedBy } = await world.visit([A]);
    expect(outcomes.get(A)?.result).toEqual({
      ...{ kind: "wait", retryAtMs: START + 60_000, shortCall: false, later: false },
    });
    expect(blockedBy).toMatchObject([{ source: "creators-api", code: "InvalidClient" }]);
    expect(world.forgotten).toEqual(["creators-api"]);
    // Paused now, without a call: still read anew each time.
    await world.visit([A]);
    expect(world.forgotten).toEqual(["creators-api", "creators-api"]);
  });

  it("are tried at once in their new version when they changed meanwhile", async () => {
    const old = refusing("creators-api");
    const renewed = fakeSource({ id: "creators-api" });
    const world = new SourcesWorld(old);
    world.forgotten.push = (source: string) => {
      world.sources = [renewed];
      world.limiter.refusals.clear();
      return Array.prototype.push.call(world.forgotten, source);
    };
    const { outcomes, blockedBy } = await world.visit([A, B]);
    expect(outcomes.get(A)?.result).toMatchObject({ kind: "enriched", source: "creators-api" });
    expect(outcomes.get(B)?.result).toMatchObject({ kind: "enriched", source: "creators-api" });
    expect(blockedBy).toEqual([]);
    expect([old.asked.length, renewed.asked.length]).toEqual([1, 1]);
  });

  it("hold nothing up when another source has it all", async () => {
    const world = new SourcesWorld(refusing("creators-api"), fakeSource({ id: "keepa" }));
    const { outcomes, blockedBy } = await world.visit([A]);
    expect(outcomes.get(A)?.result).toMatchObject({ kind: "enriched", source: "keepa" });
    expect(blockedBy).toEqual([]);
  });
});

describe("an upstream that asks for a long silence", () => {
  it("sends products on to the next source, as a used-up day does", async () => {
    const keepa = fakeSource({ id: "keepa" });
    const world = new SourcesWorld(fakeSource({ id: "creators-api" }), keepa);
    world.limiter.refuse("creators-api#me", "rate", START + 20 * HOUR);
    expect((await world.visit([A])).outcomes.get(A)?.result).toMatchObject({ kind: "enriched", source: "keepa" });
  });

  it("in the answer to a call is not put to the test by a second one", async () => {
    const fail = () => sourceError("creators-api", "throttled", "ThrottleException", { retryAfterMs: 20 * HOUR });
    const creators = fakeSource({ id: "creators-api", fail });
    const world = new SourcesWorld(creators, fakeSource({ id: "keepa" }));
    expect((await world.visit([A])).outcomes.get(A)?.result).toMatchObject({ kind: "enriched", source: "keepa" });
    expect(creators.asked).toHaveLength(1);
  });

  it("of no more than a minute is waited for", async () => {
    const keepa = fakeSource({ id: "keepa" });
    const world = new SourcesWorld(fakeSource({ id: "creators-api" }), keepa);
    world.limiter.refuse("creators-api#me", "rate", START + 60_000);
    expect((await world.visit([A])).outcomes.get(A)?.result).toMatchObject({ kind: "wait" });
    expect(keepa.asked).toEqual([]);
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

  it("with those that have waited for company, so that what is left may wait in its turn", async () => {
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
