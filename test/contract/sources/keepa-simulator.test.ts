import { afterEach, describe, expect, it } from "vitest";
import { applyExtras } from "../../../lambdas/common/core/sources/apply-extras.ts";
import type { SourceExtras } from "../../../lambdas/common/core/sources/source-settings.ts";
import { createKeepaClient } from "../../../lambdas/common/sources/keepa/client.ts";
import { descriptor } from "../../../lambdas/common/sources/keepa/descriptor.ts";
import { startKeepaSimulator } from "../../../local/upstreams/keepa/server.ts";
import { LOCAL_CREDENTIALS } from "../../../local/upstreams/local-credentials.ts";
import { createProductSource } from "../../../local/upstreams/shared/products/product-source.ts";
import type { RunningSimulator } from "../../../local/upstreams/shared/server/simulator.ts";
import { fakeUpstream, patient } from "../../helpers/source-context.ts";

const running: RunningSimulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});
const ASINS = ["B071HMM81V", "B0ABCDEFGH"];

const ask = async (extras: SourceExtras) => {
  const simulator = await startKeepaSimulator({ products: createProductSource(), behaviour: { refill_rate: 20 } });
  running.push(simulator);
  const { context } = fakeUpstream(LOCAL_CREDENTIALS.keepa, () => ({}), { api: simulator.url });
  const client = createKeepaClient({ ...context, fetch, extras });
  const answer = await client.fetchProducts({ marketplace: "www.amazon.com", asins: ASINS }, patient());
  return { answer, tokens: 1200 - (answer.signals.tokensLeft ?? 0), fields: answer.products[0]?.fields };
};

describe("Keepa's client and simulator", () => {
  it.each([
    [{}],
    [{ rating: true }],
    [{ buybox: true }],
    [{ rating: true, buybox: true }],
    [{ rating: true, buybox: true, history: true }],
  ])("agree on what a call with %j costs and gives", async (extras: SourceExtras) => {
    const { tokens, fields } = await ask(extras);
    expect(fields?.specifications).toContainEqual(expect.objectContaining({ name: "Model" }));
    const configured = applyExtras(descriptor, extras);
    expect(tokens).toBe(configured.operations[0]?.cost(ASINS.length));
    const rated = extras.rating === true;
    expect(configured.fields.includes("star_rating")).toBe(rated);
    expect([typeof fields?.star_rating, typeof fields?.customer_review_count]).toEqual(
      rated ? ["number", "number"] : ["object", "object"],
    );
    expect(fields?.current_price).toMatch(/^\d+\.\d\d$/);
  });

  it("agree on the price history of a product and what it costs", async () => {
    const simulator = await startKeepaSimulator({ products: createProductSource(), behaviour: { refill_rate: 20 } });
    running.push(simulator);
    const { context } = fakeUpstream(LOCAL_CREDENTIALS.keepa, () => ({}), { api: simulator.url });
    const client = createKeepaClient({ ...context, fetch, extras: { rating: true, buybox: true } });
    const [asin = ""] = ASINS;
    const answer = await client.fetchSeries?.({ marketplace: "www.amazon.com", asin }, patient());
    expect(answer?.series?.map(({ name }) => name)).toEqual(expect.arrayContaining(["amazon", "new"]));
    const [first] = answer?.series ?? [];
    expect(first?.points.length).toBeGreaterThan(5);
    expect(first?.points.at(-1)?.[1]).toBeGreaterThan(0);
    const operation = descriptor.operations.find(({ name }) => name === "history");
    expect(1200 - (answer?.signals.tokensLeft ?? 0)).toBe(operation?.cost(1));
  });

  it("carry the buy box and the history only when asked", async () => {
    const plain = await ask({});
    const rich = await ask({ buybox: true, history: true });
    const first = (raw: string): { csv: unknown; stats: { buyBoxPrice: number } } => JSON.parse(raw).products[0];
    expect(first(plain.answer.raw)).toMatchObject({ csv: null, stats: { buyBoxPrice: -2 } });
    expect(first(rich.answer.raw).csv).toHaveLength(36);
    expect(first(rich.answer.raw).stats.buyBoxPrice).toBeGreaterThan(0);
    expect(rich.fields?.current_price).toBe(plain.fields?.current_price);
  });
});
