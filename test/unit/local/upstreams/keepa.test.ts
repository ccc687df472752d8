import { request as httpRequest } from "node:http";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";
import { startKeepaSimulator } from "../../../../local/upstreams/keepa/server.ts";
import { LOCAL_CREDENTIALS } from "../../../../local/upstreams/local-credentials.ts";
import { createProductSource } from "../../../../local/upstreams/shared/products/product-source.ts";
import type { RunningSimulator } from "../../../../local/upstreams/shared/server/simulator.ts";

const running: RunningSimulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

const start = async (behaviour: Record<string, unknown> = {}) => {
  const simulator = await startKeepaSimulator({ products: createProductSource(), behaviour });
  running.push(simulator);
  const ask = async (path: string, query: Record<string, string> = {}, key: string = LOCAL_CREDENTIALS.keepa.key) => {
    const response = await fetch(`${simulator.url}/${path}?${new URLSearchParams({ key, ...query })}`);
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
  const control = async (path: string, body?: unknown) =>
    (
      await fetch(simulator.controlUrl + path, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) })
    ).json();
  return { simulator, ask, control };
};
const one = { domain: "1", asin: "B071HMM81V" };

describe("the token bucket", () => {
  it("is full after a start, costs a token a product and shows what is left in every answer", async () => {
    const { ask } = await start({ refill_rate: 5 });
    expect((await ask("token")).body).toMatchObject({ tokensLeft: 300, refillRate: 5, tokensConsumed: 0 });
    const { body } = await ask("product", {
      domain: "1",
      asin: "B071HMM81V,B0ABCDEFGH,059035342X",
      stats: "1",
      history: "0",
    });
    expect(body).toMatchObject({ tokensLeft: 297, tokensConsumed: 3 });
    expect(body.refillIn).toBeGreaterThan(0);
    expect(body.refillIn).toBeLessThanOrEqual(60_000);
    expect((await ask("product", { ...one, buybox: "1", rating: "1", stats: "1" })).body.tokensConsumed).toBe(4);
    expect((await ask("product", { ...one, offers: "20" })).body.tokensConsumed).toBe(12);
  });

  it("runs a call on the last token whatever it costs, then refuses until it is above zero again", async () => {
    const { ask, control } = await start({ refill_rate: 5, tokens_left: 1 });
    const asins = Array.from({ length: 8 }, (_, at) => `B00000000${at}`).join(",");
    expect((await ask("product", { domain: "1", asin: asins })).body).toMatchObject({
      tokensLeft: -7,
      tokensConsumed: 8,
    });
    expect(await ask("product", one)).toMatchObject({
      status: 429,
      body: { tokensLeft: -7, tokensConsumed: 0, error: { type: expect.any(String) } },
    });
    await control("/behaviour", { clock_offset_ms: 60_500 });
    expect((await ask("product", one)).status).toBe(429);
    await control("/behaviour", { clock_offset_ms: 120_500 });
    expect((await ask("product", one)).body).toMatchObject({ tokensLeft: 2 });
    await control("/behaviour", { clock_offset_ms: 10 * 3_600_000 });
    expect((await ask("token")).body.tokensLeft).toBe(300);
  });

  it("shows an empty account to a wrong key", async () => {
    const { ask } = await start();
    for (const path of ["product", "token"]) {
      expect(await ask(path, one, "wrong")).toMatchObject({
        status: 400,
        body: { tokensLeft: 0, refillRate: 0, refillIn: 0, error: { type: "invalidParameter" } },
      });
    }
  });

  it("counts no token questions as calls", async () => {
    const { ask, control } = await start();
    await ask("token");
    await ask("product", one);
    expect(await control("/calls")).toMatchObject({ total: 1, token_calls: 1, ids_per_call: { mean: 1 } });
  });
});

describe("transport", () => {
  it("serves both forms of a path and packs every body when asked, errors too", async () => {
    const { simulator, ask } = await start();
    expect((await ask("product/", one)).status).toBe(200);
    const raw = await new Promise<{ encoding: string | undefined; bytes: Buffer }>((resolve, reject) => {
      const options = { headers: { "accept-encoding": "gzip" } };
      const request = httpRequest(`${simulator.url}/product/?key=wrong`, options, async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({ encoding: response.headers["content-encoding"], bytes: Buffer.concat(chunks) });
      });
      request.on("error", reject);
      request.end();
    });
    expect(raw.encoding).toBe("gzip");
    expect(JSON.parse(gunzipSync(raw.bytes).toString()).error.type).toBe("invalidParameter");
    const plain = await fetch(`${simulator.url}/product?key=wrong`, { headers: { "accept-encoding": "identity" } });
    expect(plain.headers.get("content-encoding")).toBeNull();
  });

  it.each([
    [{ domain: "com", asin: "B071HMM81V" }, 400],
    [{ domain: "7", asin: "B071HMM81V" }, 400],
    [{ domain: "13", asin: "B071HMM81V" }, 405],
    [{ domain: "1" }, 400],
    [{ domain: "1", asin: "B071HMM81V", code: "123" }, 400],
    [{ domain: "1", asin: Array.from({ length: 101 }, (_, at) => `B0000000${at}`).join(",") }, 405],
    [{ domain: "1", asin: "B071HMM81V", offers: "5" }, 405],
    [{ domain: "1", asin: "B071HMM81V", history: "2" }, 405],
  ])("refuses %j for free", async (query, status) => {
    const { ask } = await start();
    const answer = await ask("product", query as Record<string, string>);
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ tokensConsumed: 0, tokensLeft: 1200 });
  });

  it("answers 404, 402 and a 200 with an error as told", async () => {
    const { ask, control } = await start();
    expect((await ask("seller", one)).status).toBe(404);
    await control("/behaviour", { no_access: true });
    expect((await ask("product", one)).status).toBe(402);
    await control("/behaviour", { no_access: false, error_200: true });
    const { status, body } = await ask("product", one);
    expect(status).toBe(200);
    expect(body.error.type).toBe("invalidParameter");
    expect(body.products).toBeUndefined();
  });
});

describe("codes", () => {
  it("find what they were shown with, and cost a token for each product found", async () => {
    const { ask } = await start();
    const [shown] = (await ask("product", { ...one, history: "0" })).body.products;
    for (const code of [shown.eanList[0], shown.upcList[0]]) {
      const { body } = await ask("product", { domain: "1", code, history: "0" });
      expect(body.products.map(({ asin }: { asin: string }) => asin)).toEqual([one.asin]);
      expect(body.tokensConsumed).toBe(1);
    }
  });

  it("may stand for several products, each with the code and a token, unless a limit is set", async () => {
    const { ask, control } = await start();
    const codes = Array.from({ length: 20 }, (_, at) => `40123456789${10 + at}`).join(",");
    const all = (await ask("product", { domain: "1", code: codes, rating: "1", stats: "1" })).body;
    expect(all.products.length).toBeGreaterThan(20);
    expect(all.tokensConsumed).toBe(2 * all.products.length);
    for (const product of all.products) {
      expect(product.eanList.some((ean: string) => codes.includes(ean))).toBe(true);
    }
    const limited = (await ask("product", { domain: "1", code: codes, "code-limit": "1" })).body;
    expect([limited.products.length, limited.tokensConsumed]).toEqual([20, 20]);
    expect((await control("/calls")).ids_per_call).toMatchObject({ mean: 20 });
  });

  it("of books are ISBN-13s", async () => {
    const { ask } = await start();
    const { body } = await ask("product", { domain: "1", code: "9780590353427" });
    expect(body.products.map(({ asin }: { asin: string }) => asin)).toEqual(["059035342X"]);
    expect(body.products[0].eanList).toContain("9780590353427");
  });

  it("that find nothing give nothing and cost nothing", async () => {
    const { ask } = await start({ not_found_asins: ["059035342X"] });
    const { body } = await ask("product", { domain: "1", code: "9780590353427" });
    expect(body).toMatchObject({ products: [], tokensConsumed: 0 });
  });

  it.each([
    ["123", 400],
    ["B071HMM81V", 400],
    [Array.from({ length: 101 }, (_, at) => `40123456789${10 + at}`).join(","), 405],
  ])("are refused for free when they are none: %s", async (code, status) => {
    const { ask } = await start();
    const answer = await ask("product", { domain: "1", code });
    expect(answer).toMatchObject({ status, body: { tokensConsumed: 0, error: { type: "invalidParameter" } } });
  });
});

describe("endpoints outside the plan", () => {
  it.each(["category", "bestsellers", "query", "deal", "seller", "lightningdeal", "topseller", "tracking"])(
    "answer 404 for free: %s",
    async (path) => {
      const { simulator, ask } = await start();
      expect(await ask(path, one)).toMatchObject({ status: 404, body: { tokensConsumed: 0, tokensLeft: 1200 } });
      const key = LOCAL_CREDENTIALS.keepa.key;
      expect((await fetch(`${simulator.url}/${path}?key=${key}`, { method: "POST", body: "{}" })).status).toBe(404);
    },
  );
});

describe("products", () => {
  it("have 36 slots, triples for the buy box, whole minor units and ratings only when asked", async () => {
    const { ask } = await start();
    const [plain] = (await ask("product", { ...one, stats: "90" })).body.products;
    expect(plain.csv).toHaveLength(36);
    expect(plain.stats.current).toHaveLength(36);
    expect([plain.stats.current[16], plain.stats.current[18], plain.stats.buyBoxPrice]).toEqual([-1, -1, -2]);
    expect(Number.isInteger(plain.stats.current[1])).toBe(true);
    const [rich] = (await ask("product", { ...one, stats: "90", buybox: "1", rating: "1" })).body.products;
    expect(rich.csv[18].length % 3).toBe(0);
    expect(rich.csv[1].length % 2).toBe(0);
    expect(rich.stats.current[18]).toBe(rich.stats.buyBoxPrice);
    expect(rich.stats.current[16]).toBeGreaterThan(0);
    const [bare] = (await ask("product", { ...one, history: "0" })).body.products;
    expect([bare.csv, bare.stats]).toEqual([null, null]);
  });

  it("come without offers, as entries of type 3 or 4, or not at all", async () => {
    const { ask, control } = await start({
      null_price_asins: ["B000000001"],
      not_found_asins: ["B000000002"],
      fail_asins: { B000000003: "NotAccessible" },
    });
    const query = { domain: "1", asin: "B000000001,B000000002,B000000003", stats: "1" };
    const byAsin = new Map<string, { productType: number; title: string | null; stats: { current: number[] } }>(
      (await ask("product", query)).body.products.map((product: { asin: string }) => [product.asin, product]),
    );
    expect(byAsin.get("B000000001")).toMatchObject({ productType: 0, availabilityAmazon: -1 });
    expect(byAsin.get("B000000001")?.stats.current.slice(0, 3)).toEqual([-1, -1, -1]);
    expect(byAsin.get("B000000002")).toMatchObject({ productType: 4, title: null });
    expect(byAsin.get("B000000003")).toMatchObject({ productType: 3, title: null });
    await control("/behaviour", { missing_asin: "omitted" });
    expect((await ask("product", query)).body.products).toHaveLength(2);
    const free = await ask("product", { domain: "1", asin: "B000000002", update: "-1" });
    expect(free.body).toMatchObject({ products: [], tokensConsumed: 0 });
  });

  it("of a family tell their parent, and a parent its children", async () => {
    const { ask } = await start();
    const [parent] = (await ask("product", { domain: "3", asin: "B0ZABCDEF1" })).body.products;
    expect(parent.productType).toBe(5);
    const [child] = (await ask("product", { domain: "3", asin: parent.variations[0].asin })).body.products;
    expect(child.parentAsin).toBe("B0ZABCDEF1");
  });

  it("are found by words for ten tokens", async () => {
    const { ask } = await start();
    const { body } = await ask("search", { domain: "1", type: "product", term: "lamp", stats: "1" });
    expect(body.tokensConsumed).toBe(10);
    expect(body.products.length).toBeGreaterThan(0);
    const paid = await ask("search", {
      domain: "1",
      type: "product",
      term: "lamp",
      stats: "1",
      rating: "1",
      buybox: "1",
    });
    expect(paid.body.tokensConsumed).toBe(10);
    expect([16, 18].map((slot) => paid.body.products[0].stats.current[slot])).toEqual([-1, -1]);
    const asins = await ask("search", { domain: "1", type: "product", term: "lamp", "asins-only": "1" });
    expect(asins.body.asinList).toHaveLength(10);
    expect((await ask("search", { domain: "1", type: "category", term: "ab" })).status).toBe(400);
  });
});
