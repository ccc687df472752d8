import { describe, expect, it } from "vitest";
import { NO_SHOP_SETTINGS, type ShopSettings } from "../../../../../lambdas/common/core/marketplaces/shop-settings.ts";
import type { SourceId } from "../../../../../lambdas/common/core/source-ids.ts";
import type { SourceExtras } from "../../../../../lambdas/common/core/sources/source-settings.ts";
import {
  createReadSources,
  type ReadySourcesDeps,
} from "../../../../../lambdas/common/sources/registry/ready-sources.ts";
import { describeSource } from "../../../../../lambdas/common/sources/registry/registry.ts";

type Use = Parameters<NonNullable<ReadySourcesDeps["onSecret"]>>[0];

const world = (extras: SourceExtras = {}, fetching: typeof fetch = fetch) => {
  const uses: Use[] = [];
  const stored = {
    value: { text: JSON.stringify({ key: "k".repeat(64) }), version: "v1" } as
      | { text: string; version: string }
      | undefined,
    shops: NO_SHOP_SETTINGS as ShopSettings,
    revoked: new Set<SourceId>(),
  };
  const read = createReadSources({
    settings: [
      { id: "keepa", allowance_share: 1, endpoints: {}, ...extras },
      { id: "sample-data", allowance_share: 1, endpoints: {} },
    ],
    describe: describeSource,
    revoked: async () => stored.revoked,
    shops: async () => stored.shops,
    secrets: { read: async () => stored.value },
    tokens: { get: async () => undefined, put: async () => undefined, drop: async () => undefined },
    clock: { now: () => 0, sleep: async () => undefined },
    fetch: fetching,
    onSecret: async (use) => {
      uses.push(use);
    },
  });
  return { uses, stored, read };
};

describe("what operators set", () => {
  it("takes a shop that is switched off from every source, and a revoked source from all shops", async () => {
    const { stored, read } = world();
    stored.shops = { disabled: new Set(["www.amazon.de"]), partnerTags: {} };
    for (const { descriptor } of await read()) {
      expect(descriptor.marketplaces).not.toContain("www.amazon.de");
      expect(descriptor.marketplaces).toContain("www.amazon.com");
    }
    stored.revoked.add("keepa");
    const [keepa, samples] = await read();
    expect(keepa).toMatchObject({ unavailable: "not_configured", detail: expect.stringContaining("revoked") });
    expect(samples).toHaveProperty("client");
  });

  it("makes a client anew when partner tags change, and no news of the same credentials", async () => {
    const { uses, stored, read } = world();
    const clientNow = async () => {
      const [source] = await read();
      return source && "client" in source ? source.client : undefined;
    };
    const first = await clientNow();
    expect(await clientNow()).toBe(first);
    stored.shops = { disabled: new Set(), partnerTags: { "www.amazon.de": "mysite-21" } };
    expect(await clientNow()).not.toBe(first);
    expect(uses).toHaveLength(1);
  });
});

describe("sources made ready", () => {
  it("keep their client while the secret stays, and tell of each new version once, with the one before", async () => {
    const { uses, stored, read } = world();
    const [first] = await read();
    const [second] = await read();
    expect(first && "client" in first && second && "client" in second && first.client === second.client).toBe(true);
    stored.value = { text: JSON.stringify({ key: "l".repeat(64) }), version: "v2" };
    await read();
    expect(uses).toMatchObject([
      { source: "keepa", version: "v1" },
      { version: "v2", previous: "v1" },
    ]);
    expect(uses[0]).not.toHaveProperty("previous");
    expect(uses[0]?.limitKeys).toHaveLength(1);
  });

  it("have the costs and the fields that the stage's settings ask for", async () => {
    for (const rating of [false, true]) {
      const [source] = await world({ rating }).read();
      expect(source?.descriptor.operations[0]?.cost(10)).toBe(rating ? 20 : 10);
      expect(source?.descriptor.fields.includes("star_rating")).toBe(rating);
    }
  });

  it("hand the settings to the client", async () => {
    const urls: string[] = [];
    const answer: typeof fetch = async (input) => {
      urls.push(String(input));
      return new Response(JSON.stringify({ tokensLeft: 1, refillRate: 1, products: [] }));
    };
    const [source] = await world({ rating: true, buybox: true }, answer).read();
    if (!source || !("client" in source)) throw new Error("keepa should be ready");
    await source.client.fetchProducts(
      { marketplace: "www.amazon.com", asins: ["B000000001"] },
      new AbortController().signal,
    );
    expect(urls[0]).toMatch(/rating=1&buybox=1/);
  });

  it("are not configured without a secret or with one of another form, and say which field is wrong", async () => {
    const { uses, stored, read } = world();
    stored.value = undefined;
    expect((await read())[0]).toMatchObject({ unavailable: "not_configured" });
    stored.value = { text: "{}", version: "v1" };
    expect((await read())[0]).toMatchObject({ unavailable: "not_configured", detail: expect.stringContaining("key") });
    expect(uses).toEqual([]);
  });
});
