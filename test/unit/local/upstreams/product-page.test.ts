import { afterEach, describe, expect, it } from "vitest";
import { MARKETPLACES } from "../../../../lambdas/common/core/products/marketplaces.ts";
import { startProductPageSimulator } from "../../../../local/upstreams/product-page/server.ts";
import { createProductSource } from "../../../../local/upstreams/shared/products/product-source.ts";
import type { RunningSimulator } from "../../../../local/upstreams/shared/server/simulator.ts";

const running: RunningSimulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

const start = async (behaviour: Record<string, unknown> = { calls_per_second: 1000 }) => {
  const simulator = await startProductPageSimulator({ products: createProductSource(), behaviour });
  running.push(simulator);
  const page = async (path: string) => {
    const response = await fetch(simulator.url + path, { redirect: "manual" });
    return { status: response.status, headers: response.headers, html: await response.text() };
  };
  const control = async (path: string, body?: unknown) =>
    (
      await fetch(simulator.controlUrl + path, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) })
    ).json();
  return { page, control };
};

describe("product pages", () => {
  it("are served for all 22 shops in their own language and money, as big as real ones", async () => {
    const { page } = await start();
    for (const place of MARKETPLACES) {
      const { status, html } = await page(`/${place.code}/dp/B071HMM81V?th=1&psc=1`);
      expect(status).toBe(200);
      expect(html.length).toBeGreaterThan(100_000);
      expect(html).toContain(`<link rel="canonical" href="https://${place.code}/dp/B071HMM81V">`);
      expect(html).toContain('id="productTitle"');
    }
  });

  it.each([
    ["2018", "www.amazon.de", /id="priceblock_ourprice"[^>]*>EUR \d+,\d\d</],
    ["2018", "www.amazon.ca", /id="priceblock_ourprice"[^>]*>CDN\$ \d+\.\d\d</],
    ["2021", "www.amazon.de", /priceToPay[^>]*><span class="a-offscreen">\d+,\d\d\u00a0€</],
    ["2024", "www.amazon.co.jp", /"displayPrice":"￥[\d,]+","priceAmount":\d+,[^}]*"buyingOptionType":"NEW"/],
    ["2026", "www.amazon.it", /priceToPay[^>]*><span class="a-offscreen">€\d+,\d\d</],
    ["2026", "www.amazon.com.br", /customerVisiblePrice\]\[currencyCode\]" value="BRL"/],
  ])("show the price of the %s layout in %s", async (layout, shop, pattern) => {
    const { page } = await start({ calls_per_second: 1000, layout });
    expect((await page(`/${shop}/dp/B071HMM81V`)).html).toMatch(pattern);
  });

  it("agree on the price with the other sources", async () => {
    const { page } = await start({ calls_per_second: 1000, layout: "2026" });
    const place = MARKETPLACES[0];
    if (!place) throw new Error("no shop");
    const minor = createProductSource().get("B071HMM81V", place).priceMinor ?? 0;
    expect((await page("/dp/B071HMM81V")).html).toContain(`[customerVisiblePrice][amount]" value="${minor / 100}"`);
  });

  it("tell apart what is sold by others only, what has no price, and what comes back as another ASIN", async () => {
    const { page, control } = await start();
    await control("/behaviour", {
      null_price_asins: ["B071HMM81V"],
      other_asins: { B071HMM82V: "B071HMM83V" },
      layout: "2024",
    });
    const nobody = (await page("/dp/B071HMM81V")).html;
    expect(nobody).toContain("buybox-see-all-buying-choices");
    expect(nobody).not.toContain("priceToPay");
    expect((await page("/dp/B071HMM82V")).html).toContain('name="ASIN" value="B071HMM83V"');
    await control("/behaviour", { foreign_currency: true });
    expect((await page("/dp/B071HMM84V")).html).toMatch(/priceToPay[^>]*><span class="a-offscreen">₹/);
    await control("/behaviour", { foreign_currency: false, no_prices: true });
    expect((await page("/dp/B071HMM84V")).html).not.toContain("priceToPay");
  });

  it("carry no JSON-LD unless told", async () => {
    const { page, control } = await start();
    expect((await page("/dp/B071HMM81V")).html).not.toContain("ld+json");
    await control("/behaviour", { json_ld: true });
    expect((await page("/dp/B071HMM81V")).html).toContain("ld+json");
  });
});

describe("pages that are none", () => {
  it.each([
    ["captcha", 200, "captchacharacters"],
    ["wall", 200, "Click the button below to continue shopping"],
    ["challenge", 202, "challenge-container"],
    ["error", 503, "500-title._TTD_.png"],
    ["not-found", 404, "title._TTD_.png"],
  ])("are answered as %s", async (kind, status, text) => {
    const { page, control } = await start();
    await control("/behaviour", { fail_asins: { B071HMM81V: kind } });
    const answer = await page("/dp/B071HMM81V");
    expect(answer.status).toBe(status);
    expect(answer.html).toContain(text);
    expect(answer.html).not.toContain("productTitle");
    expect((await page("/dp/B071HMM82V")).html).toContain("productTitle");
  });

  it.each([
    ["home", 301, "/www.amazon.de/"],
    ["sign-in", 302, "/www.amazon.de/ap/signin"],
  ])("lead to %s", async (kind, status, location) => {
    const { page, control } = await start();
    await control("/behaviour", { page: kind });
    const answer = await page("/www.amazon.de/dp/B071HMM81V");
    expect([answer.status, answer.headers.get("location")]).toEqual([status, location]);
    expect((await page(location)).status).toBe(200);
  });

  it("meet anyone who is too fast, asks too much or asks for what is not there", async () => {
    const { page, control } = await start({});
    expect((await page("/dp/B071HMM81V")).status).toBe(200);
    expect((await page("/dp/B071HMM81V")).status).toBe(503);
    await control("/behaviour", { over_limit: "captcha" });
    expect((await page("/dp/B071HMM81V")).html).toContain("captchacharacters");
    await control("/behaviour", { calls_per_second: 1000, captcha_after: 4 });
    expect((await page("/dp/bad")).status).toBe(404);
    expect((await page("/dp/B071HMM81V")).html).toContain("captchacharacters");
  });
});

describe("robots.txt", () => {
  it("is given by shop and is not counted as a page", async () => {
    const { page, control } = await start();
    expect((await page("/www.amazon.de/robots.txt")).html).not.toContain("Disallow: /dp/");
    await control("/behaviour", { robots: "disallow" });
    expect((await page("/robots.txt")).html).toContain("Disallow: /dp/");
    await control("/behaviour", { robots: "missing" });
    expect((await page("/robots.txt")).status).toBe(404);
    await control("/behaviour", { robots: "error" });
    expect((await page("/robots.txt")).status).toBe(503);
    expect(await control("/calls")).toMatchObject({ total: 0, token_calls: 4 });
  });
});
