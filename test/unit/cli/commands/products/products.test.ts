import { expect, it } from "vitest";
import { marketplaceAnswer } from "../../../../../lambdas/common/core/contract/operations/marketplaces.ts";
import { MARKETPLACES } from "../../../../../lambdas/common/core/products/marketplaces.ts";
import { aLicensedProduct } from "../../../../helpers/products.ts";
import { NOON } from "../../../../helpers/rows.ts";
import { localHarness } from "../../harness/harness.ts";

const { start, cli } = localHarness();
const product = aLicensedProduct({ asin: "B08DQQ8CBP" });
const at = { nowMs: NOON + 90 * 60_000 };

it("product shows every field with source, age and end", async () => {
  const api = await start(() => ({ status: 200, body: product }));
  const { code, out } = await cli(["product", "b08dqq8cbp", "--marketplace", "US"], at);
  expect(code).toBe(0);
  expect(api.calls()).toMatchObject([{ path: "/api/v1/products/B08DQQ8CBP/enhanced", query: { marketplace: "US" } }]);
  expect(out).toContain("B08DQQ8CBP in www.amazon.com: active, quality 0.97");
  expect(out).toMatch(/^current_price +creators-api +1 h 30 min +(?:today|tomorrow|on .*) at \d\d:\d\d +yes +19\.90$/m);
});

it("product --stored asks no source, and --json prints the answer", async () => {
  const api = await start(() => ({ status: 200, body: product }));
  const { out } = await cli(["product", "B08DQQ8CBP", "--stored", "--public", "--json"], at);
  expect(api.calls()).toMatchObject([{ path: "/api/v1/products/B08DQQ8CBP", query: { public: "true" } }]);
  expect(JSON.parse(out)).toEqual(product);
  expect((await cli(["product", "B08DQQ8CBP", "--stored", "--real-time"])).code).toBe(2);
});

it("product says that its content ended, and why a field is missing", async () => {
  const ended = aLicensedProduct({
    ...{ title: null, expired_at: new Date(NOON).toISOString(), stale: true, provenance: {} },
    missing: [{ field: "title", reason: "expired" }],
  });
  await start(() => ({ status: 200, body: ended }));
  const { out } = await cli(["product", "B000000001", "--stored"], at);
  expect(out).toContain("Content ended");
  expect(out).toMatch(/^title +- +- +- +- +expired$/m);
});

it("import sends the ASIN once under a key, with what to include", async () => {
  const api = await start(() => ({
    ...{ status: 201, body: { product_id: product.product_id, imported_fields: ["title", "brand"], product } },
  }));
  const { code, err } = await cli(["import", "B08DQQ8CBP", "--include", "variations", "--marketplace", "de"], at);
  const [call] = api.calls();
  expect(call?.headers["idempotency-key"]).toBeDefined();
  expect(JSON.parse(String(call?.body))).toEqual({ asin: "B08DQQ8CBP", marketplace: "de", include: "variations" });
  expect([code, err]).toEqual([0, expect.stringContaining("2 fields imported")]);
});

it("search takes prices as people write them, in the shop's currency", async () => {
  const api = await start(() => ({ status: 200, body: { products: [product], source: "creators-api" } }));
  const { code, out } = await cli([
    "search",
    "desk lamp",
    "--marketplace",
    "us",
    "--max-price",
    "19.99",
    "--limit",
    "3",
  ]);
  expect(JSON.parse(String(api.calls()[0]?.body))).toEqual({
    ...{ query: "desk lamp", limit: 3, marketplace: "us", max_price: 1_999 },
  });
  expect([code, out]).toEqual([0, expect.stringContaining("Desk lamp")]);
  await cli(["search", "lamp", "--marketplace", "jp", "--min-price", "500"]);
  expect(JSON.parse(String(api.calls()[1]?.body))).toMatchObject({ min_price: 500 });
  const refused = await cli(["search", "lamp", "--min-price", "5"]);
  expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("--marketplace")]);
});

it("marketplaces lists the shops, and --notices what a site about one must say", async () => {
  const items = MARKETPLACES.map((shop) => marketplaceAnswer(shop));
  await start(() => ({ status: 200, body: { items, default_marketplace: "www.amazon.de" } }));
  expect((await cli(["marketplaces"])).out).toMatch(/^DE +www\.amazon\.de +EUR +de +Germany \(default\)$/m);
  const { out } = await cli(["marketplaces", "--notices", "de"]);
  expect(out).toMatch(/^associate +en +As an Amazon Associate I earn from qualifying purchases\.$/m);
  expect(out).toMatch(/^prices +de \(our translation\) +Produktpreise/m);
  expect((await cli(["marketplaces", "--notices", "mars"])).code).toBe(2);
  expect(JSON.parse((await cli(["marketplaces", "--json"])).out).items).toHaveLength(22);
});

it("search says when nothing was found", async () => {
  await start(() => ({ status: 200, body: { products: [], source: "keepa" } }));
  expect((await cli(["search", "lamp"])).out).toBe("keepa found nothing.\n");
});

it("products without a catalog lists what is stored, and each list refuses the options of the other", async () => {
  const api = await start(() => ({ status: 200, body: { items: [product], next_cursor: "c2" } }));
  const { code, out, err } = await cli(["products", "--q", "lamp", "--min-quality", "0.5", "--status", "active"]);
  expect(api.calls()[0]).toMatchObject({ path: "/api/v1/products" });
  expect(api.calls()[0]?.query).toEqual({ q: "lamp", status: "active", min_quality: "0.5", limit: "50" });
  expect([code, out, err]).toEqual([0, expect.stringContaining("Desk lamp"), expect.stringContaining("--cursor c2")]);
  expect((await cli(["products", "--state", "failed"])).code).toBe(2);
  expect((await cli(["products", "cat_0000000000000000", "--q", "lamp"])).code).toBe(2);
});

it("marketplaces set changes what is named, as an operator, and nothing else", async () => {
  const shop = MARKETPLACES.find(({ country }) => country === "DE");
  const override = { code: "www.amazon.de", enabled: false, partner_tag: "mysite-21", updated_at: "", updated_by: "" };
  const api = await start(() => ({ status: 200, body: shop && marketplaceAnswer(shop, override) }));
  const { code, out } = await cli(["marketplaces", "set", "de", "--disable", "--partner-tag", "mysite-21"]);
  expect([code, out]).toEqual([0, "www.amazon.de is switched off, with partner tag mysite-21.\n"]);
  await cli(["marketplaces", "set", "de", "--no-partner-tag", "--json"]);
  const sent = api.calls().map(({ method, path, body }) => [method, path, JSON.parse(String(body))]);
  const path = "/api/v1/marketplaces/www.amazon.de";
  expect(sent).toEqual([
    ["PUT", path, { enabled: false, partner_tag: "mysite-21" }],
    ["PUT", path, { partner_tag: null }],
  ]);
  for (const wrong of [["de"], ["mars", "--enable"], ["de", "--enable", "--disable"]]) {
    expect((await cli(["marketplaces", "set", ...wrong])).code).toBe(2);
  }
});

it("history plots the price and lists the changes, and says why there are none", async () => {
  const point = (at: string, value: string | null) => ({
    ...{ at, value, currency: value && "USD", source: value ? ("keepa" as const) : null, public: false },
    ...{ fetched_at: value && at, store_until: null },
  });
  const points = [
    point("2026-11-01T00:00:00.000Z", "20.00"),
    point("2026-11-10T00:00:00.000Z", null),
    point("2026-11-20T00:00:00.000Z", "10.00"),
  ];
  const body = {
    ...{ asin: "B08DQQ8CBP", marketplace: "www.amazon.com", from: null, to: "2026-11-29T00:00:00.000Z" },
    ...{ has_earlier: false, kept: null },
    series: [
      { field: "current_price", recorded: true, why: null, points },
      { field: "title", recorded: false, why: "The licence does not allow it.", points: [] },
    ],
  };
  const api = await start(() => ({ status: 200, body }));
  const { code, out } = await cli(["history", "b08dqq8cbp", "--from", "2026-11-01", "--field", "current_price"], at);
  expect(code).toBe(0);
  expect(api.calls()).toMatchObject([
    { path: "/api/v1/products/B08DQQ8CBP/history", query: { from: "2026-11-01", field: "current_price" } },
  ]);
  expect(out).toMatch(/^20 \|▄{19}$/m);
  expect(out).toMatch(/^10 \| {41}▄{19}$/m);
  expect(out).toMatch(/^2026-11-10T00:00:00.000Z +nothing known +-$/m);
  expect(out).toContain("title: 0 points\nThe licence does not allow it.\n");
  expect(JSON.parse((await cli(["history", "B08DQQ8CBP", "--json"], at)).out)).toEqual(body);
});

it("history shows the prices that Keepa kept where they are asked for, and why they are no newer", async () => {
  const points = Array.from({ length: 14 }, (_, day) => ({
    at: `2026-11-${String(day + 10)}T00:00:00.000Z`,
    value: day === 5 ? null : `${day + 1}.00`,
  }));
  const kept = {
    ...{ source: "keepa", fetched_at: "2026-11-28T00:00:00.000Z", store_until: null, currency: "USD", public: false },
    why: "keepa could not be asked again now (circuit-open).",
    series: [{ name: "buy_box", has_earlier: false, points }],
  };
  const about = { asin: "B08DQQ8CBP", marketplace: "www.amazon.com", from: null, to: "2026-11-29T00:00:00.000Z" };
  const body = { ...about, has_earlier: false, series: [], kept };
  const api = await start(() => ({ status: 200, body }));
  const { code, out } = await cli(["history", "B08DQQ8CBP", "--keepa"], at);
  expect(code).toBe(0);
  expect(api.calls()).toMatchObject([{ path: "/api/v1/products/B08DQQ8CBP/history", query: { series: "keepa" } }]);
  expect(out).toContain(`Prices that keepa kept, as of 2026-11-28T00:00:00.000Z\n${kept.why}\n`);
  expect(out).toContain("buy_box: 14 points, the newest 12\n");
  expect(out).toMatch(/^2026-11-15T00:00:00.000Z +none$/m);
  expect(out).toMatch(/^2026-11-23T00:00:00.000Z +14.00 USD$/m);
  expect(out).not.toContain("2026-11-11T");
});

it("product shows what is stored, and why, when no source can be asked; and fails where nothing is", async () => {
  const stored = aLicensedProduct({
    asin: "B08DQQ8CBP",
    title: null,
    stale: true,
    expired_at: new Date(NOON).toISOString(),
  });
  const problem = { code: "circuit_open", detail: "creators-api is refused for circuit-open" };
  let isStored = true;
  await start(({ path }) => {
    if (path.endsWith("/enhanced")) return { status: 503, body: problem };
    return isStored
      ? { status: 200, body: stored }
      : { status: 404, body: { code: "not_found", detail: "not stored" } };
  });
  const shown = await cli(["product", "B08DQQ8CBP"], at);
  expect(shown.code).toBe(0);
  expect(shown.out).toMatch(/stale copy\nContent ended/);
  expect(shown.err).toContain("this is what is stored. creators-api is refused for circuit-open");
  isStored = false;
  const nothing = await cli(["product", "B08DQQ8CBP"], at);
  expect(nothing.code).toBe(5);
  expect(nothing.err).toContain("circuit-open");
});

it("products --public leaves out what may not stand on a site, with a catalog and without one", async () => {
  const api = await start(() => ({ status: 200, body: { items: [], next_cursor: null } }));
  for (const args of [["products"], ["products", "cat_0000000000000000"]]) {
    expect((await cli([...args, "--public"])).code).toBe(0);
    expect(api.calls().at(-1)).toMatchObject({ query: { public: "true" } });
  }
});
