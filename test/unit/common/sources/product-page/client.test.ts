import { describe, expect, it } from "vitest";
import { MARKETPLACES } from "../../../../../lambdas/common/core/products/marketplaces.ts";
import { SourceError } from "../../../../../lambdas/common/core/sources/source-error.ts";
import { createProductPageClient } from "../../../../../lambdas/common/sources/product-page/client.ts";
import { storeLanguage } from "../../../../../lambdas/common/sources/product-page/reading/store-language.ts";
import { type FakeReply, fakeUpstream, patient, type SeenRequest } from "../../../../helpers/source-context.ts";

const ASIN = "B000000001";
const US = "www.amazon.com";
const good: FakeReply = { body: `<span id="productTitle">T</span><input id="ASIN" value="${ASIN}">` };
const ALLOW: FakeReply = { status: 404 };

const client = (
  respond: FakeReply | ((request: SeenRequest) => FakeReply),
  robots: FakeReply = ALLOW,
  endpoints = {},
) => {
  const upstream = fakeUpstream(
    null,
    (request) => {
      if (request.url.pathname === "/robots.txt") return robots;
      return typeof respond === "function" ? respond(request) : respond;
    },
    endpoints,
  );
  return { ...upstream, pages: createProductPageClient(upstream.context) };
};
const fetchOne = (made: ReturnType<typeof client>, marketplace = US) =>
  made.pages.fetchProducts({ marketplace, asins: [ASIN] }, patient());
const failure = async (call: Promise<unknown>): Promise<SourceError> => {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SourceError) return error;
  throw new Error(`expected a SourceError, got ${String(error)}`);
};

describe("a page call", () => {
  it("asks the shop for the chosen variation in the shop's language", async () => {
    const made = client(good);
    const answer = await fetchOne(made, "www.amazon.de");
    const request = made.requests[1];
    expect(request?.url.href).toBe(`https://www.amazon.de/dp/${ASIN}?th=1&psc=1`);
    expect(request?.headers.get("accept-language")).toBe("de-DE,de;q=0.9");
    expect(answer).toMatchObject({ products: [{ asin: ASIN, fields: { title: "T" } }], failures: [], raw: good.body });
  });

  it("says which shop is meant when sent to a stand-in", async () => {
    const made = client(good, ALLOW, { api: "http://127.0.0.1:9/" });
    await fetchOne(made, "www.amazon.de");
    expect(made.requests.map(({ url }) => url.href)).toEqual([
      "http://127.0.0.1:9/www.amazon.de/robots.txt",
      `http://127.0.0.1:9/www.amazon.de/dp/${ASIN}?th=1&psc=1`,
    ]);
  });

  it("knows a language for every shop", () => {
    for (const { code } of MARKETPLACES) expect(storeLanguage(code)).toMatch(/^[a-z]{2}-[A-Z]{2},/);
  });

  it("takes one ASIN only", async () => {
    await expect(client(good).pages.fetchProducts({ marketplace: US, asins: [ASIN, ASIN] }, patient())).rejects.toThrow(
      RangeError,
    );
  });
});

describe("robots.txt", () => {
  it("is read once a day for each shop", async () => {
    const made = client(good);
    await fetchOne(made);
    await fetchOne(made);
    await fetchOne(made, "www.amazon.de");
    const reads = () => made.requests.filter(({ url }) => url.pathname === "/robots.txt").length;
    expect(reads()).toBe(2);
    made.advance(24 * 3_600_000 + 1);
    await fetchOne(made);
    expect(reads()).toBe(3);
  });

  it.each([
    ["User-agent: *\nDisallow: /dp/", "RobotsDisallowed", "permanent"],
    ["User-agent: enrichline\nDisallow: /", "RobotsDisallowed", "permanent"],
    ["User-agent: *\nDisallow: /*?th=", "RobotsDisallowed", "permanent"],
  ])("that forbids is obeyed: %j", async (body, code, failureClass) => {
    const made = client(good, { body });
    const error = await failure(fetchOne(made));
    expect([error.code, error.failureClass, made.requests.length]).toEqual([code, failureClass, 1]);
  });

  const movedTo = (location: (path: string) => string | undefined) =>
    client(
      ({ url }) => {
        const target = location(url.pathname);
        return target === undefined ? good : { status: 301, headers: target === "" ? {} : { location: target } };
      },
      { status: 301, headers: { location: "/rules.txt" } },
    );

  it("that has moved is read where it is, on the same host, before the page", async () => {
    const made = client(
      ({ url }) => (url.pathname === "/rules.txt" ? { body: "User-agent: *\nDisallow: /dp/" } : good),
      { status: 301, headers: { location: `https://${US}/rules.txt` } },
    );
    expect((await failure(fetchOne(made))).code).toBe("RobotsDisallowed");
    expect(made.requests.map(({ url }) => url.pathname)).toEqual(["/robots.txt", "/rules.txt"]);
  });

  it.each([
    ["another host", "https://rules.example/robots.txt", 2],
    ["another shop", "https://www.amazon.de/robots.txt", 2],
    ["an address without encryption", `http://${US}/robots.txt`, 2],
    ["itself, without end", "/rules.txt", 6],
    ["nowhere", "", 2],
  ])("that has moved to %s is not followed there, and allows nothing for now", async (_where, target, requests) => {
    const made = movedTo((path) => (path === "/rules.txt" ? target : undefined));
    const error = await failure(fetchOne(made));
    expect([error.code, error.failureClass, made.requests.length]).toEqual([
      "RobotsUnreachable",
      "retriable",
      requests,
    ]);
    expect(new Set(made.requests.map(({ url }) => url.origin))).toEqual(new Set([`https://${US}`]));
  });

  it.each([
    "User-agent: *\nDisallow: /gp/cart\nDisallow: /wishlist/",
    "User-agent: *\nDisallow: /\n\nUser-agent: Enrichline\nAllow: /dp/ # ours",
    "User-agent: OtherBot\nDisallow: /",
    "User-agent: *\nDisallow: /dp\nAllow: /dp/",
    "User-agent: *\nDisallow:",
    "User-agent: *\nDisallow: /dp/$",
    "",
  ])("that allows lets through: %j", async (body) => {
    expect((await fetchOne(client(good, { body }))).products).toHaveLength(1);
  });

  it("that cannot be read allows nothing for now", async () => {
    const error = await failure(fetchOne(client(good, { status: 503 })));
    expect([error.code, error.failureClass]).toEqual(["RobotsUnreachable", "retriable"]);
  });
});

describe("what is no product page", () => {
  const wall = '<form action="/errors/validateCaptcha"></form>';
  it.each([
    [200, `${wall}<input id="captchacharacters">`, "Captcha", "throttled"],
    [503, `${wall}<input id="captchacharacters">`, "Captcha", "throttled"],
    [200, wall, "ClickThroughWall", "throttled"],
    [202, "<script>gokuProps</script>", "JsChallenge", "throttled"],
    [503, "<title>Sorry! Something went wrong!</title>", "PageUnavailable", "retriable"],
    [500, "", "PageUnavailable", "retriable"],
    [429, "", "TooManyRequests", "throttled"],
  ])("fails the call (%i): %s → %s", async (status, body, code, failureClass) => {
    const made = client({ status, body });
    const error = await failure(fetchOne(made));
    expect([error.code, error.failureClass, error.status]).toEqual([code, failureClass, status]);
    expect(error.signals.retryAfterMs).toBe(failureClass === "throttled" ? 3_600_000 : undefined);
    expect(made.requests).toHaveLength(2);
  });

  it("obeys a longer or shorter pause when one is announced", async () => {
    const error = await failure(fetchOne(client({ status: 503, body: "", headers: { "retry-after": "120" } })));
    expect(error.signals).toEqual({ retryAfterMs: 120_000 });
  });

  it.each([
    [404, "<title>Page Not Found</title>", "PageNotFound"],
    [404, "", "PageNotFound"],
    [200, '<form name="signIn"></form>', "SignInRequired"],
    [200, "<p>home</p>", "UnknownPage"],
    [200, '<span id="productTitle">T</span><input id="ASIN" value="B000000002">', "RedirectedAsin"],
  ])("fails the product (%i): %s → %s", async (status, body, code) => {
    const answer = await fetchOne(client({ status, body }));
    expect(answer.products).toEqual([]);
    expect(answer.failures.map((entry) => [entry.asin, entry.code])).toEqual([[ASIN, code]]);
  });
});

describe("redirects", () => {
  const hop = (location: string): FakeReply => ({ status: 302, headers: { location } });

  it("to the product's own address are followed, one in a slot", async () => {
    const chain = (length: number) =>
      client(({ url }) => {
        const step = Number(url.searchParams.get("step") ?? 0);
        return step < length ? hop(`/x/dp/${ASIN}?step=${step + 1}`) : good;
      });
    expect((await fetchOne(chain(1))).products).toHaveLength(1);
    const made = chain(2);
    expect((await fetchOne(made)).failures[0]?.code).toBe("RedirectedAway");
    expect(made.requests.map(({ url }) => url.pathname)).toEqual(["/robots.txt", `/dp/${ASIN}`, `/x/dp/${ASIN}`]);
    await fetchOne(made);
    expect(made.requests.filter(({ url }) => url.pathname === "/robots.txt")).toHaveLength(1);
  });

  it.each([
    ["/ap/signin?openid=1", "SignInRequired"],
    ["/", "RedirectedAway"],
    ["/gp/product/B000000001", "RedirectedAway"],
    ["/dp/B000000001-not", "RedirectedAway"],
    ["https://www.amazon.de/dp/B000000001", "RedirectedAway"],
    ["http://evil.example/dp/B000000001", "RedirectedAway"],
    // The same host without TLS.
    [`http://www.amazon.com/dp/${ASIN}`, "RedirectedAway"],
    ["https://[no-address/", "RedirectedAway"],
  ])("to %s are not followed", async (location, code) => {
    const made = client(hop(location));
    expect((await fetchOne(made)).failures[0]?.code).toBe(code);
    expect(made.requests).toHaveLength(2);
  });
});

it("a page over 3 MB is not read to its end", async () => {
  const error = await failure(fetchOne(client({ body: "x".repeat(3_000_001) })));
  expect([error.code, error.failureClass]).toEqual(["AnswerTooLarge", "permanent"]);
});
