import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import type { CatalogProduct } from "../../../lambdas/common/core/contract/catalogs/products.ts";
import { LOCAL_CREDENTIALS } from "../../../local/upstreams/local-credentials.ts";
import { asinSeries, csvOf } from "../../helpers/e2e/asins.ts";
import { Credentials } from "../../helpers/e2e/credentials.ts";
import { openWorld, type World } from "../../helpers/e2e/open-world.ts";
import { Upstream } from "../../helpers/e2e/upstream.ts";
import { waitFor } from "../../helpers/e2e/wait-for.ts";

let world: World;
let keepa: Upstream;
let credentials: Credentials;
beforeAll(async () => {
  world = await openWorld();
  keepa = new Upstream(inject("outputs"), "keepa");
  credentials = new Credentials(inject("outputs"), inject("stateDir"));
});
beforeEach(async () => {
  await world.upstream.begin();
  await keepa.begin();
});
afterAll(async () => {
  await world.upstream.begin();
  await keepa.begin();
  await credentials.configure("creators-api");
  world.deployed.close();
});

/** Ends the long silence that the Creators API asked for, as time would. */
const letSourceRecover = async (): Promise<void> => {
  const item = await world.deployed.limits.read();
  if ((item?.quiet_until_ms ?? 0) < Date.now() + 60_000) return;
  await world.deployed.limits.change(
    ({ quiet_until_ms: _quiet, throttles: _throttles, failures: _failures, failure_count: _count, ...rest }) => ({
      ...rest,
      next_free_ms: Math.min(rest.next_free_ms, Date.now()),
    }),
  );
};
/** Follows a run to its end while time passes: what waits for a later moment is due, again and again. */
const followThroughTime = (catalogId: string, pass: () => Promise<void> = async () => {}) =>
  waitFor(
    `the run of ${catalogId} to end in later times`,
    async () => {
      await pass();
      await world.deployed.letTimePass(catalogId);
      return world.demo.follow(catalogId, { seconds: 5, until: () => true });
    },
    ({ state }) => state.startsWith("completed"),
    150,
  );
const byAsin = async (catalogId: string): Promise<Map<string, CatalogProduct>> =>
  new Map((await world.demo.products(catalogId)).map((product) => [product.asin, product]));

describe("with only Keepa configured", () => {
  beforeAll(() => credentials.configure("keepa"));

  it("a catalog is enriched by Keepa, in calls of up to a hundred, and the status says so", async () => {
    const catalogId = await world.demo.start(csvOf(asinSeries("SKEE", 40)));
    expect(await world.demo.follow(catalogId, { seconds: 90 })).toMatchObject({
      state: "completed",
      counts: { enriched: 40, failed: 0 },
      by_source: { keepa: 40 },
      blocked_by: [],
    });
    expect((await world.upstream.calls()).total).toBe(0);
    const { total, ids_per_call } = await keepa.calls();
    expect(total).toBeLessThanOrEqual(2);
    expect(Math.max(...Object.keys(ids_per_call.histogram).map(Number))).toBeGreaterThan(10);
    const [first] = await world.demo.products(catalogId);
    expect(first?.product?.provenance.title).toMatchObject({ source: "keepa" });
  });

  it("it is enough for a run without fallback too", async () => {
    const catalogId = await world.demo.start(csvOf(asinSeries("SKEF", 3)), { fallback: "false" });
    expect(await world.demo.follow(catalogId, { seconds: 60 })).toMatchObject({ by_source: { keepa: 3 } });
  });
});

describe("with only the Selling Partner API configured", () => {
  beforeAll(() => credentials.configure("sp-api"));

  it("a catalog is enriched by it: data from one operation, prices from another", async () => {
    const catalogId = await world.demo.start(csvOf(asinSeries("SSPA", 15)));
    expect(await world.demo.follow(catalogId, { seconds: 90 })).toMatchObject({
      state: "completed",
      counts: { enriched: 15, failed: 0 },
      of_which: { incomplete: 0 },
      by_source: { "sp-api": 15 },
    });
    const [first] = await world.demo.products(catalogId);
    expect(first?.product?.provenance).toMatchObject({
      title: { source: "sp-api" },
      availability_type: { source: "sp-api" },
    });
  });
});

describe("with a Creators API secret that is refused, and no other source", () => {
  beforeAll(async () => {
    await credentials.configure();
    await credentials.put("creators-api", { ...LOCAL_CREDENTIALS["creators-api"], client_secret: "not-the-secret" });
    await credentials.restart();
  });

  it("nothing fails: the run says what it waits for, and continues by itself when the secret is put right", async () => {
    const catalogId = await world.demo.start(csvOf(asinSeries("SBAD", 12)));
    const waiting = await world.demo.follow(catalogId, {
      seconds: 60,
      until: ({ state }) => state === "waiting_for_source",
    });
    expect(waiting.counts).toMatchObject({ pending: 12, failed: 0 });
    expect(waiting.blocked_by).toMatchObject([
      { source: "creators-api", action: expect.stringContaining("enrichline credentials set creators-api") },
    ]);
    expect(Date.parse(waiting.estimate.resumes_at ?? "")).toBeGreaterThan(Date.now());

    await credentials.put("creators-api", LOCAL_CREDENTIALS["creators-api"]);
    expect(await followThroughTime(catalogId)).toMatchObject({
      state: "completed",
      counts: { enriched: 12, failed: 0 },
      by_source: { "creators-api": 12 },
      blocked_by: [],
    });
  });
});

describe("with the Creators API and Keepa", () => {
  beforeAll(() => credentials.configure("creators-api", "keepa"));

  it("Keepa fills only what the Creators API does not have, and each field names its source", async () => {
    const asins = asinSeries("SFIL", 20);
    const unpriced = asins.slice(0, 4);
    await world.upstream.set({ null_price_asins: unpriced });
    const catalogId = await world.demo.start(csvOf(asins));
    expect(await world.demo.follow(catalogId, { seconds: 60 })).toMatchObject({
      state: "completed",
      counts: { enriched: 20 },
      of_which: { incomplete: 0 },
    });
    const products = await byAsin(catalogId);
    for (const asin of unpriced) {
      expect(products.get(asin)?.product).toMatchObject({
        status: "active",
        current_price: expect.stringMatching(/^\d+\.\d\d$/),
        provenance: {
          title: { source: "creators-api" },
          image_url: { source: "creators-api" },
          current_price: { source: "keepa" },
        },
      });
      // One object for each call that it was made from.
      const keys = await world.deployed.rawKeys(`www.amazon.com#${asin}`);
      expect(keys.map((key) => key.split("/")[1])).toEqual(["creators-api", "keepa"]);
      for (const key of keys) expect(await world.deployed.object(key)).toContain(asin);
    }
    expect(products.get(asins[10] ?? "")?.product?.provenance.current_price).toMatchObject({ source: "creators-api" });
    expect((await keepa.calls()).ids_per_call.histogram).toEqual({ "4": 1 });
  });

  it("a product that waits for Keepa's tokens is a draft, and is not paid again at the Creators API", async () => {
    const [asin = ""] = asinSeries("SDRA", 1);
    await world.upstream.set({ null_price_asins: [asin] });
    // Positive again at the next refill, which comes within a minute.
    await keepa.set({ refill_rate: 20, tokens_left: -3 });
    const catalogId = await world.demo.start(csvOf([asin]));
    await waitFor(
      "Keepa to refuse",
      () => keepa.calls(),
      ({ by_status }) => (by_status["429"] ?? 0) > 0,
      60,
    );
    const product = await waitFor(
      "the draft",
      async () => (await byAsin(catalogId)).get(asin),
      (seen) => seen?.product !== null && seen?.product !== undefined,
      30,
    );
    expect(product).toMatchObject({ state: "pending", product: { status: "draft", current_price: null } });
    const { total } = await world.upstream.calls();
    // The next refill, at Keepa and as the limiter expects it.
    await keepa.set({ tokens_left: 17 });
    await world.deployed.limits.change(
      ({ quiet_until_ms: _quiet, ...item }) => ({ ...item, next_free_ms: Date.now(), refill_at_ms: Date.now() }),
      "keepa",
    );
    const status = await followThroughTime(catalogId);
    expect(status).toMatchObject({ state: "completed", counts: { enriched: 1 }, of_which: { incomplete: 0 } });
    expect((await world.upstream.calls()).total).toBe(total);
  });

  it("?provider=keepa asks Keepa first, and fallback=false nobody else", async () => {
    const asins = asinSeries("SPRO", 10);
    await keepa.set({ not_found_asins: asins.slice(0, 2) });
    const catalogId = await world.demo.start(csvOf(asins), { provider: "keepa", fallback: "false" });
    expect(await world.demo.follow(catalogId, { seconds: 60 })).toMatchObject({
      state: "completed_with_failures",
      counts: { enriched: 8, failed: 2 },
      by_source: { keepa: 8 },
    });
    expect((await world.upstream.calls()).total).toBe(0);
  });

  it("a day limit of 20 calls fills what it can, falls back to Keepa within its tokens, and says when it continues", async () => {
    await world.upstream.set({ calls_per_day: 20 });
    // Calls carry 20 or 100 ids, so the balance ends below zero and needs minutes to be positive again.
    await keepa.set({ refill_rate: 1, tokens_left: 50 });
    const catalogId = await world.demo.start(csvOf(asinSeries("SDAY", 500)));
    const waiting = await world.demo.follow(catalogId, {
      seconds: 150,
      until: ({ state, counts }) => state === "waiting_for_source" && counts.enriched > 200,
    });
    const { "creators-api": first = 0, keepa: second = 0 } = waiting.by_source;
    expect(first).toBeGreaterThan(150);
    expect(first).toBeLessThanOrEqual(200);
    expect(second).toBeGreaterThan(0);
    expect(waiting.counts).toMatchObject({ enriched: first + second, failed: 0, pending: 500 - first - second });
    expect((await world.upstream.calls()).by_status).toMatchObject({ "200": 20 });
    expect((await keepa.calls()).by_status).not.toHaveProperty("429");
    const sources = waiting.blocked_by.map(({ source }) => source);
    expect(sources, JSON.stringify(waiting)).toEqual(expect.arrayContaining(["creators-api", "keepa"]));
    expect(Date.parse(waiting.estimate.resumes_at ?? "")).toBeGreaterThan(Date.now());

    // The next day.
    await world.upstream.set({ calls_per_day: null });
    const status = await followThroughTime(catalogId, letSourceRecover);
    expect(status).toMatchObject({ state: "completed", counts: { enriched: 500, failed: 0, pending: 0 } });
  });
});

describe("variations on request", () => {
  beforeAll(() => credentials.configure("creators-api"));
  const [CHILD, PARENT] = ["B0ABCDEF11", "B0ZABCDEF1"];

  it("come with the product: every colour once with its images, for the child and for the parent", async () => {
    const childRun = await world.demo.start(csvOf([CHILD ?? ""]), { include: "variations" });
    expect(await world.demo.follow(childRun, { seconds: 60 })).toMatchObject({ counts: { enriched: 1 } });
    const [child] = await world.demo.products(childRun);
    const variants = child?.product?.variants ?? [];
    expect(child?.product).toMatchObject({
      parent_asin: PARENT,
      provenance: { variants: { source: "creators-api" } },
    });
    expect(variants.length).toBeGreaterThan(1);
    expect(new Set(variants.map(({ color_name }) => color_name)).size).toBe(variants.length);
    for (const { images } of variants) expect(images[0]?.large).toMatch(/^https:/);
    const keys = await world.deployed.rawKeys(`www.amazon.com#${CHILD}`);
    // One call for the product, three pages for its 24 siblings.
    expect(keys.filter((key) => key.includes("/get-variations-"))).toHaveLength(3);
    expect((await world.upstream.calls()).total).toBe(4);

    const parentRun = await world.demo.start(csvOf([PARENT ?? ""]), { include: "variations" });
    expect(await world.demo.follow(parentRun, { seconds: 60 })).toMatchObject({ counts: { enriched: 1 } });
    const [parent] = await world.demo.products(parentRun);
    expect(parent?.product?.variants).toEqual(variants);
  });

  it("that cannot be listed leave the product enriched, with the reason", async () => {
    const [asin = ""] = asinSeries("SVAR", 1);
    const catalogId = await world.demo.start(csvOf([asin]), { include: "variations" });
    expect(await world.demo.follow(catalogId, { seconds: 60 })).toMatchObject({ counts: { enriched: 1, failed: 0 } });
    const [item] = await world.demo.products(catalogId);
    expect(item?.product?.missing.some(({ field }) => field === "variants")).toBe(item?.product?.variants === null);
  });
});
