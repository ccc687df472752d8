import { afterEach, describe, expect, it } from "vitest";
import type { Clock } from "../../../lambdas/common/core/clock.ts";
import { StoreRateLimiter } from "../../../lambdas/common/core/limiter/store-rate-limiter.ts";
import { CreatorsApiSecretSchema } from "../../../lambdas/common/core/sources/known/creators-api/secret.ts";
import type { TokenCache } from "../../../lambdas/common/core/sources/source-client.ts";
import type { CallRecord } from "../../../lambdas/common/sources/chain/chain-deps.ts";
import type { ReadySource } from "../../../lambdas/common/sources/chain/chain-source.ts";
import { enrichByChain } from "../../../lambdas/common/sources/chain/enrich-by-chain.ts";
import { searchProducts } from "../../../lambdas/common/sources/chain/search-products.ts";
import { fetchVariants } from "../../../lambdas/common/sources/chain/variations/fetch-variants.ts";
import { descriptor } from "../../../lambdas/common/sources/creators-api/descriptor.ts";
import { startCreatorsApiSimulator } from "../../../local/upstreams/creators-api/server.ts";
import { LOCAL_CREATORS_CREDENTIALS } from "../../../local/upstreams/local-credentials.ts";
import { createProductSource } from "../../../local/upstreams/shared/products/product-source.ts";
import { CallReportSchema } from "../../../local/upstreams/shared/server/call-report.ts";
import type { RunningSimulator } from "../../../local/upstreams/shared/server/simulator.ts";
import { MemoryLimitStore } from "../../unit/common/core/limiter/memory-limit-store.ts";

const US = "www.amazon.com";
/** Milliseconds by which clients and simulators run ahead of the machine: who waits moves the time of all. */
let aheadMs = 0;
const clock: Clock = {
  now: () => Date.now() + aheadMs,
  sleep: async (ms) => {
    const untilMs = clock.now() + ms;
    aheadMs = Math.max(aheadMs, untilMs - Date.now());
  },
};
const asins = (count: number): string[] => Array.from({ length: count }, (_, i) => `B0${String(i).padStart(8, "0")}`);
const running: RunningSimulator[] = [];
afterEach(async () => {
  for (const simulator of running.splice(0)) await simulator.close();
});

const setup = async (
  callsPerSecond: number,
  behaviour: Record<string, unknown> = {},
  version: keyof typeof LOCAL_CREATORS_CREDENTIALS = "3.1",
) => {
  const simulator = await startCreatorsApiSimulator({
    products: createProductSource(),
    stackAheadMs: () => aheadMs,
    behaviour: { calls_per_second: callsPerSecond, ...behaviour },
  });
  running.push(simulator);
  const tokens = new Map<string, { token: string; until: number }>();
  const cache: TokenCache = {
    get: async (key) => {
      const kept = tokens.get(key);
      return kept && kept.until - 30_000 > clock.now() ? kept.token : undefined;
    },
    put: async (key, token, until) => void tokens.set(key, { token, until }),
    drop: async (key) => void tokens.delete(key),
  };
  const client = descriptor.create({
    secret: CreatorsApiSecretSchema.parse(LOCAL_CREATORS_CREDENTIALS[version]),
    secretVersion: "1",
    endpoints: {
      api: simulator.url,
      token: `${simulator.url}${version.startsWith("2") ? "/oauth2/token" : "/auth/o2/token"}`,
    },
    clock,
    tokens: cache,
    fetch,
  });
  const source: ReadySource = {
    descriptor,
    client,
    limitFor: () => ({
      limitKey: "creators-api#local",
      callsPerSecond,
      unitsPerDay: 8640,
      allowanceShare: 1,
    }),
  };
  let id = 0;
  const limiter = new StoreRateLimiter({
    store: new MemoryLimitStore(),
    clock,
    ids: () => `id-${++id}`,
    onStateChange: () => {},
  });
  const calls: CallRecord[] = [];
  const deps = { sources: [source], limiter, clock, timeoutMs: 5_000, countCall: (c: CallRecord) => calls.push(c) };
  const seen = async () => CallReportSchema.parse(await (await fetch(`${simulator.controlUrl}/calls`)).json());
  const options = { provider: null, fallback: true, priority: "interactive", horizonMs: 10_000 } as const;
  return { deps, calls, seen, options };
};

describe("the Creators API room and the chain on the simulator", () => {
  it("enriches at one call a second with full calls and not one 429", async () => {
    const { deps, seen, options } = await setup(1);
    const products = asins(40).map((asin) => ({ asin, marketplace: US }));
    const { outcomes, warnings } = await enrichByChain(deps, { products, options });
    expect([...outcomes.values()].filter(({ kind }) => kind === "enriched")).toHaveLength(40);
    expect(warnings).toEqual([]);
    const counts = await seen();
    expect(counts.by_status).not.toHaveProperty("429");
    expect(counts.ids_per_call.mean).toBe(10);
    expect(counts.max_calls_in_any_second).toBe(1);
  });

  it("tells bad ids from good ones in mixed company and alone", async () => {
    const [good = "", bad = "", gone = ""] = asins(3);
    const behaviour = { fail_asins: { [bad]: "InvalidParameterValue" }, not_found_asins: [gone] };
    const { deps, options } = await setup(20, behaviour);
    const ask = async (list: string[]) => {
      const products = list.map((asin) => ({ asin, marketplace: US }));
      const { outcomes } = await enrichByChain(deps, { products, options });
      return [...outcomes.values()].map((o) => (o.kind === "failed" ? o.code : o.kind));
    };
    expect(await ask([good, bad, gone])).toEqual(["enriched", "InvalidParameterValue", "ItemNotAccessible"]);
    expect(await ask([gone])).toEqual(["ItemNotAccessible"]);
  });

  it("works with a Cognito credential, and with tokens that end within seconds", async () => {
    const { deps, options } = await setup(20, { token_expires_in: 1 }, "2.1");
    for (let round = 0; round < 3; round += 1) {
      const products = [{ asin: `B00000000${round}`, marketplace: US }];
      const { outcomes } = await enrichByChain(deps, { products, options });
      expect([...outcomes.values()].map(({ kind }) => kind)).toEqual(["enriched"]);
      await clock.sleep(700);
    }
  });

  it("pauses on an account that is not eligible and says why", async () => {
    const { deps, options } = await setup(20, { not_eligible: true });
    const request = { products: [{ asin: "B000000001", marketplace: US }], options };
    const { outcomes, blockedBy } = await enrichByChain(deps, request);
    expect([...outcomes.values()]).toMatchObject([{ kind: "wait", reason: "paused" }]);
    expect(blockedBy).toMatchObject([{ source: "creators-api", code: "AssociateNotEligible" }]);
    const again = await enrichByChain(deps, request);
    expect([...again.outcomes.values()]).toMatchObject([{ kind: "wait", reason: "paused" }]);
    expect(again.calls).toEqual({});
  });

  it("searches, and fetches all pages of a family", async () => {
    const { deps, calls, options } = await setup(20);
    const found = await searchProducts(deps, { marketplace: US, query: "lamp", category: "All", limit: 5 }, options);
    expect(found.source).toBe("creators-api");
    expect(found.products.length).toBeGreaterThan(0);
    const products = createProductSource();
    // Parents begin with B0Z in the simulator; the largest of a few families has more than one page of ten.
    const parents = Array.from({ length: 20 }, (_, i) => `B0Z${String(i).padStart(7, "0")}`);
    const sizes = parents.map((parent) => ({ parent, children: products.familyOf(parent)?.children ?? [] }));
    const [largest = { parent: "", children: [] }] = sizes.sort((x, y) => y.children.length - x.children.length);
    expect(largest.children.length).toBeGreaterThan(10);
    const family = await fetchVariants(deps, { asin: largest.parent, marketplace: US, options });
    if (family.kind !== "found") throw new Error("no family");
    expect(calls.filter(({ operation }) => operation === "get-variations")).toHaveLength(
      Math.ceil(largest.children.length / 10),
    );
    expect(family.variants.length).toBeGreaterThan(1);
    for (const { asin, images } of family.variants) {
      expect(largest.children).toContain(asin);
      expect(images[0]?.large).toMatch(/^https:/);
    }
  });
});
