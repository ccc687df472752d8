import { beforeEach, describe, expect, it } from "vitest";
import { ShopOverrides } from "../../../lambdas/common/adapters/dynamodb/marketplaces/shop-overrides.ts";
import { NO_SHOP_SETTINGS } from "../../../lambdas/common/core/marketplaces/shop-settings.ts";
import { createReadSources } from "../../../lambdas/common/sources/registry/ready-sources.ts";
import { describeSource } from "../../../lambdas/common/sources/registry/registry.ts";
import { person } from "../../helpers/access/callers.ts";
import { MemoryDynamo } from "../../helpers/memory/memory-dynamo.ts";
import { asins, DE, type FakeClock, fakeClock, US } from "../common/sources/chain/fakes.ts";
import { SourcesWorld } from "../enrich-batch/sources-world.ts";
import { ProductsWorld } from "../products-api/products-world.ts";
import { operationsApi, signedIn } from "./operations-world.ts";

/*
 * From the operator's switch to what users meet: the API writes the table, and workers read it each for themselves.
 */

/** Longer than an instance believes what it read. */
const KNOWN_MS = 30_000;
const [ASIN = ""] = asins(1);
const operator = person("op", "operators");

let clock: FakeClock;
let dynamo: MemoryDynamo;
let worker: ShopOverrides;

/** What one more instance of a function reads of the shops. */
const overrides = (): ShopOverrides => new ShopOverrides(dynamo.client(), "marketplaces", clock);

const switchShop = async (enabled: boolean, env: object = operator): Promise<number> => {
  const { app } = operationsApi({ shops: overrides() });
  const headers = { "content-type": "application/json" };
  const init = { method: "PUT", headers, body: JSON.stringify({ enabled }) };
  return (await app.request("/api/v1/marketplaces/DE", init, env)).status;
};

beforeEach(() => {
  clock = fakeClock();
  dynamo = new MemoryDynamo({ marketplaces: { keys: ["code"] } });
  worker = overrides();
});

/** A source that serves both shops, as an instance has it. */
const readSources = (shops: ShopOverrides) =>
  createReadSources({
    settings: [{ id: "sample-data", allowance_share: 1, endpoints: {} }],
    describe: describeSource,
    revoked: async () => new Set(),
    shops: () => shops.settings(),
    secrets: { read: async () => undefined },
    tokens: { get: async () => undefined, put: async () => undefined, drop: async () => undefined },
    clock,
    fetch,
  })();

/** One visit of a batch with a product of each shop. */
const visit = async () => {
  const world = new SourcesWorld(...(await readSources(worker)));
  const [german, american] = await Promise.all(
    [DE, US].map((marketplace) => world.visitAll([{ asin: ASIN, marketplace }])),
  );
  return { german: german?.outcomes.get(ASIN), american: american?.outcomes.get(ASIN) };
};

describe("a shop that an operator switched off", () => {
  it("is shown so by GET /marketplaces, and users can read that and not change it", async () => {
    expect(await switchShop(false, signedIn)).toBe(403);
    expect(await switchShop(false)).toBe(200);
    const { get } = operationsApi({ shops: overrides() });
    const { body } = await get("/marketplaces", signedIn);
    const off = body.items.filter(({ enabled }: { enabled: boolean }) => !enabled);
    expect(off.map(({ code }: { code: string }) => code)).toEqual([DE]);
  });

  it("ends its products under way with a code of its own and what to do, leaves other shops alone, and comes back", async () => {
    expect((await visit()).german?.result).toMatchObject({ kind: "enriched" });
    await switchShop(false);
    clock.advance(KNOWN_MS);
    const { german, american } = await visit();
    expect(german?.result).toEqual({ kind: "failed", code: "MarketplaceDisabled" });
    expect(german?.failure?.message).toMatch(
      /www\.amazon\.de is switched off.*enrichline marketplaces set .* --enable/,
    );
    expect(german?.failure?.message).toMatch(/retry/);
    expect(american?.result).toMatchObject({ kind: "enriched" });
    await switchShop(true);
    clock.advance(KNOWN_MS);
    expect((await visit()).german?.result).toMatchObject({ kind: "enriched" });
  });

  it("is not a shop that no source serves", async () => {
    const world = new SourcesWorld();
    const { outcomes } = await world.visitAll([{ asin: ASIN, marketplace: DE }]);
    expect(outcomes.get(ASIN)?.result).toEqual({ kind: "failed", code: "NoSourceForMarketplace" });
  });

  it("refuses look-ups with 409, also where the switch was thrown between the check and the call", async () => {
    const world = new ProductsWorld();
    world.shops = { disabled: new Set([DE]), partnerTags: {} };
    const path = `/products/${ASIN}/enhanced?marketplace=DE`;
    expect(await world.get(path)).toMatchObject({ status: 409, body: { code: "marketplace_disabled" } });
    world.shops = NO_SHOP_SETTINGS;
    await switchShop(false);
    world.sources = await readSources(overrides());
    expect(await world.get(path)).toMatchObject({ status: 409, body: { code: "marketplace_disabled" } });
  });
});
