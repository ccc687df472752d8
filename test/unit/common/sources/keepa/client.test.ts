import { describe, expect, it } from "vitest";
import { applyExtras } from "../../../../../lambdas/common/core/sources/apply-extras.ts";
import { SourceError } from "../../../../../lambdas/common/core/sources/source-error.ts";
import { createKeepaClient } from "../../../../../lambdas/common/sources/keepa/client.ts";
import { descriptor } from "../../../../../lambdas/common/sources/keepa/descriptor.ts";
import { type FakeReply, fakeUpstream, patient } from "../../../../helpers/source-context.ts";

const A = "B000000001";
const B = "B000000002";
const C = "B000000003";
const US = "www.amazon.com";
const envelope = { timestamp: 1, tokensLeft: 94, refillIn: 53_441, refillRate: 60, tokensConsumed: 1 };
const product = (asin: string, rest: object = {}): object => ({
  asin,
  productType: 0,
  title: `Title of ${asin}`,
  ...rest,
});

const client = (reply: FakeReply) => {
  const upstream = fakeUpstream({ key: "secret-key" }, () => reply);
  return { ...upstream, keepa: createKeepaClient(upstream.context) };
};

const failure = async (call: Promise<unknown>): Promise<SourceError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SourceError) return error;
  throw new Error(`expected a SourceError, got ${String(error)}`);
};

describe("a Keepa product call", () => {
  it("asks for all ASINs at once, with statistics and without history", async () => {
    const { keepa, requests } = client({ body: { ...envelope, products: [product(A), product(B)] } });
    await keepa.fetchProducts({ marketplace: "www.amazon.co.jp", asins: [A, B] }, patient());
    expect(requests).toHaveLength(1);
    expect(requests[0]?.url.origin + (requests[0]?.url.pathname ?? "")).toBe("https://api.keepa.com/product");
    expect(Object.fromEntries(requests[0]?.url.searchParams ?? [])).toEqual({
      key: "secret-key",
      domain: "5",
      asin: `${A},${B}`,
      stats: "1",
      history: "0",
    });
  });

  it.each([
    [{ rating: true }, { rating: "1" }, 2],
    [{ buybox: true }, { buybox: "1" }, 3],
    [{ rating: true, buybox: true, history: true }, { rating: "1", buybox: "1", history: "1" }, 4],
    [{ rating: false, buybox: false, history: false }, {}, 1],
  ])("of a stage that sets %j asks so and says what it costs", async (extras, asked, tokens) => {
    const { context, requests } = fakeUpstream({ key: "k" }, () => ({ body: { ...envelope, products: [product(A)] } }));
    await createKeepaClient({ ...context, extras }).fetchProducts({ marketplace: US, asins: [A] }, patient());
    expect(Object.fromEntries(requests[0]?.url.searchParams ?? [])).toEqual({
      key: "k",
      domain: "1",
      asin: A,
      stats: "1",
      history: "0",
      ...asked,
    });
    const { operations, fields } = applyExtras(descriptor, extras);
    expect(operations.map(({ name, cost }) => [name, cost(7)])).toEqual([
      ["product", 7 * tokens],
      ["search", 10],
      // Without extras, whatever the stage asks for with products.
      ["history", 1],
    ]);
    expect(fields.includes("star_rating")).toBe("rating" in asked);
    expect(fields.includes("customer_review_count")).toBe("rating" in asked);
  });

  it("without settings asks no ratings and promises none", () => {
    expect(descriptor.fields).not.toContain("star_rating");
    expect(descriptor.fields).not.toContain("customer_review_count");
  });

  it("joins by ASIN whatever the order, and accounts for every id exactly once", async () => {
    const { keepa } = client({
      body: { ...envelope, products: [product("B00STRANGE"), product(C), product(A), product(A, { title: "again" })] },
    });
    const answer = await keepa.fetchProducts({ marketplace: US, asins: [A, B, C] }, patient());
    expect(answer.products.map(({ asin, fields }) => [asin, fields.title])).toEqual([
      [A, `Title of ${A}`],
      [C, `Title of ${C}`],
    ]);
    expect(answer.failures).toEqual([{ asin: B, code: "NoData", message: expect.any(String) }]);
    expect(answer.signals).toEqual({ tokensLeft: 94, refillInMs: 53_441, refillPerMinute: 60 });
    expect(JSON.parse(answer.raw).products).toHaveLength(4);
  });

  it("keeps the good products when one has another shape", async () => {
    const { keepa } = client({ body: { ...envelope, products: [{ ...product(A), asin: 7 }, product(B)] } });
    const answer = await keepa.fetchProducts({ marketplace: US, asins: [A, B] }, patient());
    expect(answer.products.map(({ asin }) => asin)).toEqual([B]);
    expect(answer.failures).toEqual([{ asin: A, code: "UnexpectedShape", message: expect.stringContaining("asin") }]);
  });

  it("keeps the rest of a product with an odd part", async () => {
    const { keepa } = client({ body: { ...envelope, products: [product(A, { stats: "gone" })] } });
    const answer = await keepa.fetchProducts({ marketplace: US, asins: [A] }, patient());
    expect(answer.products).toMatchObject([{ asin: A, fields: { title: `Title of ${A}`, current_price: null } }]);
  });

  it.each([
    [3, "NotAccessible"],
    [4, "NoData"],
  ])("fails an ASIN of product type %i as %s", async (productType, code) => {
    const { keepa } = client({ body: { ...envelope, products: [product(A, { productType })] } });
    const answer = await keepa.fetchProducts({ marketplace: US, asins: [A] }, patient());
    expect(answer.failures.map((entry) => entry.code)).toEqual([code]);
  });

  it("knows no shop that Keepa does not serve, and calls nobody", async () => {
    const { keepa, requests } = client({ body: envelope });
    const error = await failure(keepa.fetchProducts({ marketplace: "www.amazon.nl", asins: [A] }, patient()));
    expect([error.code, error.failureClass, requests.length]).toEqual(["MarketplaceNotServed", "permanent", 0]);
  });

  it("goes to another address when told to", async () => {
    const upstream = fakeUpstream({ key: "k" }, () => ({ body: { ...envelope, products: [] } }), {
      api: "http://127.0.0.1:9",
    });
    await createKeepaClient(upstream.context).fetchProducts({ marketplace: US, asins: [A] }, patient());
    expect(upstream.requests[0]?.url.origin).toBe("http://127.0.0.1:9");
  });
});

describe("a Keepa failure", () => {
  const call = async (reply: FakeReply): Promise<SourceError> =>
    failure(client(reply).keepa.fetchProducts({ marketplace: US, asins: [A] }, patient()));

  it("of tokens waits for the refill and for the deficit", async () => {
    const error = await call({ status: 429, body: { ...envelope, tokensLeft: -120, refillIn: 1000, refillRate: 60 } });
    expect([error.code, error.failureClass, error.status]).toEqual(["NotEnoughTokens", "throttled", 429]);
    expect(error.signals).toEqual({
      tokensLeft: -120,
      refillInMs: 1000,
      refillPerMinute: 60,
      retryAfterMs: 121_000,
    });
  });

  it("of the key has an envelope of zeros, which is no token reading", async () => {
    const zeros = { tokensLeft: 0, refillIn: 0, refillRate: 0, error: { type: "invalidParameter", message: "bad" } };
    for (const status of [200, 400]) {
      const error = await call({ status, body: zeros });
      expect([error.code, error.failureClass]).toEqual(["InvalidKey", "critical"]);
      expect(error.signals).toEqual({});
    }
  });

  it("inside a 200 with a living bucket is about the request, and its tokens count", async () => {
    const error = await call({
      body: {
        ...envelope,
        tokensLeft: 59,
        refillRate: 5,
        error: { type: "invalidParameter", message: "no such domain" },
      },
    });
    expect([error.code, error.failureClass, error.signals.tokensLeft]).toEqual(["BadRequest", "permanent", 59]);
    expect(error.message).toContain("no such domain");
  });

  it.each([
    [402, {}, "NoAccess", "critical"],
    [404, envelope, "NotInPlan", "permanent"],
    [405, envelope, "BadRequest", "permanent"],
    [500, "oops", "ServerError", "retriable"],
    [502, "<html>", "ServerError", "retriable"],
    [200, "<html>", "UnreadableAnswer", "retriable"],
  ])("of status %i is classified by its status", async (status, body, code, failureClass) => {
    const error = await call({ status, body });
    expect([error.code, error.failureClass, error.status]).toEqual([code, failureClass, status]);
  });

  it("never carries the key", async () => {
    const error = await call({ status: 500 });
    expect(JSON.stringify([error.message, error.signals, String(error.cause)])).not.toContain("secret-key");
  });

  it("of time is a timeout, of the network an unreachable host", async () => {
    const broken = client({}).context;
    const refusing = createKeepaClient({ ...broken, fetch: () => Promise.reject(new TypeError("fetch failed")) });
    const down = await failure(refusing.fetchProducts({ marketplace: US, asins: [A] }, patient()));
    expect([down.code, down.status, down.failureClass]).toEqual(["NetworkError", null, "retriable"]);
    const hanging = createKeepaClient({
      ...broken,
      fetch: (_, init) =>
        new Promise((_resolve, reject) => {
          const stop = (): void => reject(init?.signal?.reason);
          if (init?.signal?.aborted) stop();
          else init?.signal?.addEventListener("abort", stop);
        }),
    });
    const late = await failure(hanging.fetchProducts({ marketplace: US, asins: [A] }, AbortSignal.timeout(10)));
    expect(late.code).toBe("Timeout");
    const stopped = await failure(hanging.fetchProducts({ marketplace: US, asins: [A] }, AbortSignal.abort()));
    expect(stopped.code).toBe("Aborted");
  });
});

describe("a Keepa search", () => {
  const priced = (asin: string, cents: number, root = "Electronics"): object =>
    product(asin, { stats: { buyBoxPrice: cents }, categoryTree: [{ catId: 1, name: root }] });
  const body = {
    ...envelope,
    products: [priced(A, 1000), priced(B, 2000, "Books"), priced(C, 3000), product("B000000004")],
  };
  const request = { marketplace: US, query: "usb cable", category: "All", limit: 10 };

  it("asks for one page of products", async () => {
    const { keepa, requests } = client({ body });
    const answer = await keepa.search?.(request, patient());
    expect(Object.fromEntries(requests[0]?.url.searchParams ?? [])).toMatchObject({
      domain: "1",
      type: "product",
      term: "usb cable",
    });
    expect(answer?.products).toHaveLength(4);
  });

  it("pays for no extras: a page costs ten tokens whatever it carries", async () => {
    const { context, requests } = fakeUpstream({ key: "k" }, () => ({ body }));
    await createKeepaClient({ ...context, extras: { rating: true, buybox: true } }).search?.(request, patient());
    expect([...(requests[0]?.url.searchParams.keys() ?? [])]).not.toContain("rating");
    expect([...(requests[0]?.url.searchParams.keys() ?? [])]).not.toContain("buybox");
  });

  it.each([
    [{ minPrice: "10.01" }, [B, C]],
    [{ maxPrice: "20.00" }, [A, B]],
    [{ minPrice: "10", maxPrice: "20" }, [A, B]],
    [{ category: "electronics" }, [A, C]],
    [{ limit: 1 }, [A]],
  ])("applies %j itself", async (limits, found) => {
    const { keepa } = client({ body });
    const answer = await keepa.search?.({ ...request, ...limits }, patient());
    expect(answer?.products.map(({ asin }) => asin)).toEqual(found);
  });
});
