import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { StoreRateLimiter } from "../../../../../lambdas/common/core/limiter/store-rate-limiter.ts";
import { NO_SHOP_SETTINGS } from "../../../../../lambdas/common/core/marketplaces/shop-settings.ts";
import type { SourceId } from "../../../../../lambdas/common/core/source-ids.ts";
import type { FailureTable } from "../../../../../lambdas/common/core/sources/failure-codes.ts";
import { CREATORS_API_FAILURES } from "../../../../../lambdas/common/core/sources/known/creators-api/failure-codes.ts";
import { KEEPA_FAILURES } from "../../../../../lambdas/common/core/sources/known/keepa/failure-codes.ts";
import { PAAPI_FAILURES } from "../../../../../lambdas/common/core/sources/known/paapi/failure-codes.ts";
import { PRODUCT_PAGE_FAILURES } from "../../../../../lambdas/common/core/sources/known/product-page/failure-codes.ts";
import { SP_API_FAILURES } from "../../../../../lambdas/common/core/sources/known/sp-api/failure-codes.ts";
import type { TokenCache } from "../../../../../lambdas/common/core/sources/source-client.ts";
import { SourceError } from "../../../../../lambdas/common/core/sources/source-error.ts";
import type { CallRecord } from "../../../../../lambdas/common/sources/chain/chain-deps.ts";
import { type CheckRequest, checkSource } from "../../../../../lambdas/common/sources/checks/check-source.ts";
import { describeSource, SOURCES } from "../../../../../lambdas/common/sources/registry/registry.ts";
import { startCreatorsApiSimulator } from "../../../../../local/upstreams/creators-api/server.ts";
import { startKeepaSimulator } from "../../../../../local/upstreams/keepa/server.ts";
import {
  LOCAL_CREATORS_CREDENTIALS,
  LOCAL_CREDENTIALS,
  LOCAL_PARTNER_TAGS,
} from "../../../../../local/upstreams/local-credentials.ts";
import { startPaapiSimulator } from "../../../../../local/upstreams/paapi/server.ts";
import { createProductSource } from "../../../../../local/upstreams/shared/products/product-source.ts";
import type { RunningSimulator } from "../../../../../local/upstreams/shared/server/simulator.ts";
import { startSpApiSimulator } from "../../../../../local/upstreams/sp-api/server.ts";
import { MemoryLimitStore } from "../../core/limiter/memory-limit-store.ts";

const START = {
  "creators-api": startCreatorsApiSimulator,
  keepa: startKeepaSimulator,
  paapi: startPaapiSimulator,
  "sp-api": startSpApiSimulator,
};
const TABLES: Partial<Record<SourceId, FailureTable>> = {
  "creators-api": CREATORS_API_FAILURES,
  keepa: KEEPA_FAILURES,
  paapi: PAAPI_FAILURES,
  "product-page": PRODUCT_PAGE_FAILURES,
  "sp-api": SP_API_FAILURES,
};
type Simulated = keyof typeof START;

/** Noon of a day to come: no check runs over the end of a day. The simulators' clocks are moved there too. */
const noonAhead = (): number => (Math.floor(Date.now() / DAY_MS) + 1.5) * DAY_MS;
const DAY_MS = 86_400_000;

let open: RunningSimulator[] = [];
// A machine so busy that an answer takes seconds is not what these tests are about.
beforeEach(() => void vi.spyOn(AbortSignal, "timeout").mockImplementation(() => new AbortController().signal));
afterEach(async () => {
  vi.restoreAllMocks();
  await Promise.all(open.map((simulator) => simulator.close()));
  open = [];
});

/** One source over its simulator, with a limiter in memory and a clock that only waiting moves. */
const setUp = async (source: Simulated, secret: unknown, switches: Record<string, unknown> = {}) => {
  let nowMs = noonAhead();
  const behaviour = { ...switches, clock_offset_ms: nowMs - Date.now() };
  const simulator = await START[source]({ products: createProductSource(), behaviour });
  open.push(simulator);
  const descriptor = describeSource(source);
  if (!descriptor) throw new Error(`${source} is not registered`);
  const world = { text: secret === undefined ? undefined : JSON.stringify(secret), version: "v1", forgotten: 0 };
  const clock = {
    now: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += Math.max(0, ms);
    },
  };
  const store = new MemoryLimitStore();
  let ids = 0;
  const limiter = new StoreRateLimiter({
    store,
    clock,
    ids: () => {
      ids += 1;
      return `id-${ids}`;
    },
    onStateChange: () => undefined,
  });
  const versions = new Map<string, string>();
  const tokens = new Map<string, string>();
  const cache: TokenCache = {
    get: async (key) => tokens.get(key),
    put: async (key, token) => void tokens.set(key, token),
    drop: async (key) => void tokens.delete(key),
  };
  const counted: CallRecord[] = [];
  const seen: SourceId[] = [];
  const check = (changes: Partial<CheckRequest> & { calls_per_day?: number } = {}) =>
    checkSource(
      {
        secrets: {
          read: async () => (world.text === undefined ? undefined : { text: world.text, version: world.version }),
          forget: () => {
            world.forgotten += 1;
          },
        },
        limiter,
        shops: async () => NO_SHOP_SETTINGS,
        tokens: cache,
        isNewSecret: async (key, version) => {
          const isNew = versions.get(key) !== version;
          versions.set(key, version);
          return isNew;
        },
        countCall: (call) => {
          counted.push(call);
        },
        sees: (sources) => {
          seen.push(...sources.map(({ descriptor: { id } }) => id));
        },
        clock,
        fetch,
      },
      {
        descriptor,
        settings: {
          id: source satisfies SourceId,
          calls_per_second: 50,
          allowance_share: 1,
          endpoints: { api: simulator.url, token: `${simulator.url}/auth/o2/token` },
          ...(changes.calls_per_day === undefined ? {} : { units_per_day: changes.calls_per_day }),
        },
        marketplace: changes.marketplace,
      },
    );
  const upstreamCalls = async (): Promise<number> => {
    const response = await fetch(`${simulator.controlUrl}/calls`);
    return Number((await response.json()).total);
  };
  const set = (switches: unknown) =>
    fetch(`${simulator.controlUrl}/behaviour`, { method: "POST", body: JSON.stringify(switches) });
  return { check, world, counted, tokens, upstreamCalls, set, store };
};

const steps = (found: { checks: readonly { name: string; ok: boolean }[] }) =>
  found.checks.map(({ name, ok }) => `${name}: ${ok ? "ok" : "failed"}`);
const FAST = { calls_per_second: 1000 };
const creators = LOCAL_CREDENTIALS["creators-api"];

describe("with good credentials", () => {
  it.each([
    ["creators-api", FAST, ["credentials shape: ok", "token: ok", "one call: ok"]],
    ["paapi", FAST, ["credentials shape: ok", "one call: ok"]],
    ["sp-api", {}, ["credentials shape: ok", "token: ok", "one call: ok"]],
    ["keepa", {}, ["credentials shape: ok", "one call: ok"]],
  ] as const)("%s answers one call, which is counted", async (source, behaviour, expected) => {
    const { check, counted, upstreamCalls } = await setUp(source, LOCAL_CREDENTIALS[source], behaviour);
    const found = await check();
    expect(found).toMatchObject({ source, ok: true, state: "ok", next_step: "" });
    expect(steps(found)).toEqual(expected);
    expect(await upstreamCalls()).toBe(1);
    expect(counted).toMatchObject([{ source, outcome: "success", ids: 1 }]);
  });

  it("asks the shop that the credentials serve, or the one that is named", async () => {
    const secret = { ...LOCAL_CREATORS_CREDENTIALS["3.2"], partner_tags: LOCAL_PARTNER_TAGS };
    const { check } = await setUp("creators-api", secret, FAST);
    expect(await check()).toMatchObject({ ok: true, marketplace: "www.amazon.co.uk" });
    expect(await check({ marketplace: "www.amazon.de" })).toMatchObject({ ok: true, marketplace: "www.amazon.de" });
    const far = await check({ marketplace: "www.amazon.com" });
    expect(far).toMatchObject({ ok: false, checks: [{ name: "credentials shape", ok: false }] });
    expect(far.reason).toContain("another region");
    const seller = await setUp("sp-api", { ...LOCAL_CREDENTIALS["sp-api"], region: "EU" }, { bind_regions: false });
    expect(await seller.check()).toMatchObject({ ok: true, marketplace: "www.amazon.co.uk" });
  });

  it("never trusts a token from before, nor a secret from before", async () => {
    const { check, tokens, world } = await setUp("creators-api", creators, FAST);
    await check();
    const [first] = tokens.values();
    await check();
    expect([...tokens.values()][0]).not.toBe(first);
    expect(world.forgotten).toBe(2);
  });
});

describe("without a call", () => {
  it("says that nothing is stored", async () => {
    const { check, upstreamCalls } = await setUp("keepa", undefined);
    expect(await check()).toMatchObject({
      ok: false,
      state: "not_configured",
      marketplace: null,
      next_step: "Store them with: enrichline credentials set keepa",
      checks: [{ name: "credentials shape", ok: false, detail: "No credentials are stored." }],
    });
    expect(await upstreamCalls()).toBe(0);
  });

  it("names missing and wrong fields, never values", async () => {
    const { check, upstreamCalls } = await setUp("sp-api", { client_id: "very-secret-id", region: "very-secret" });
    const found = await check();
    expect(found.checks[0]?.detail).toMatch(
      /client_secret is missing; refresh_token is missing; region: Invalid option/,
    );
    expect(JSON.stringify(found)).not.toContain("very-secret");
    expect(await upstreamCalls()).toBe(0);
  });

  it("says so when no shop can be asked with the credentials", async () => {
    const { check, upstreamCalls } = await setUp(
      "creators-api",
      { ...creators, partner_tags: { DE: "mine-21" } },
      FAST,
    );
    const found = await check();
    expect(found).toMatchObject({ ok: false, marketplace: null, checks: [{ name: "credentials shape", ok: false }] });
    expect(found.reason).toContain("no partner tag for any shop of their region");
    const tagless = await setUp("paapi", { ...LOCAL_CREDENTIALS.paapi, partner_tags: {} });
    expect((await tagless.check()).reason).toContain("no partner tag");
    expect(await upstreamCalls()).toBe(0);
  });

  it("refuses when the day is used up, and says when it continues", async () => {
    const { check, upstreamCalls } = await setUp("creators-api", creators, FAST);
    // Interactive calls may use the whole day.
    expect((await check({ calls_per_day: 1 })).ok).toBe(true);
    const found = await check({ calls_per_day: 1 });
    expect(found).toMatchObject({ ok: false, state: "waiting" });
    expect(found.reason).toBe("Today's allowance of creators-api is used up (1 used). No call was made.");
    expect(found.next_step).toMatch(/at \d\d:\d\d UTC on /);
    expect(steps(found)).toEqual(["credentials shape: ok", "token: ok", "one call: failed"]);
    expect(await upstreamCalls()).toBe(1);
  });

  it("refuses while the source is paused; new credentials end the pause", async () => {
    const { check, world, upstreamCalls } = await setUp("creators-api", { ...creators, client_secret: "wrong" }, FAST);
    const bad = await check();
    expect(bad).toMatchObject({ ok: false, state: "paused" });
    const again = await check();
    expect(again).toMatchObject({ ok: false, state: "paused" });
    expect(again.reason).toMatch(/^creators-api is paused: .* No call was made\.$/);
    expect(await upstreamCalls()).toBe(0);
    world.text = JSON.stringify(creators);
    world.version = "v2";
    expect(await check()).toMatchObject({ ok: true, state: "ok" });
    expect(await upstreamCalls()).toBe(1);
  });
});

describe("in plain words", () => {
  it.each([
    [
      "creators-api",
      { ...creators, client_secret: "wrong" },
      FAST,
      "token",
      /does not accept the client id and secret/,
    ],
    ["creators-api", creators, { ...FAST, not_eligible: true }, "one call", /10 qualified sales/],
    ["creators-api", creators, { ...FAST, endless_429: true }, "one call", /younger than 48 hours, an account without/],
    [
      "creators-api",
      { ...creators, partner_tags: { US: "nobody-20" } },
      FAST,
      "one call",
      /partner tag is wrong, or belongs to another shop|not linked to the partner tag/,
    ],
    ["paapi", { ...LOCAL_CREDENTIALS.paapi, secret_key: "wrong" }, FAST, "one call", /secret key is wrong/],
    ["sp-api", { ...LOCAL_CREDENTIALS["sp-api"], refresh_token: "wrong" }, {}, "token", /refresh token is wrong/],
    ["sp-api", { ...LOCAL_CREDENTIALS["sp-api"], region: "eu" }, {}, "one call", /another region/],
    ["keepa", { key: "x".repeat(64) }, {}, "one call", /does not accept this key/],
    ["keepa", LOCAL_CREDENTIALS.keepa, { tokens_left: -5 }, "one call", /tokens of this key are used up/],
    ["keepa", LOCAL_CREDENTIALS.keepa, { no_access: true }, "one call", /plan does not include the API/],
    ["creators-api", creators, { ...FAST, outage: 503 }, "token", /token service does not work/],
    ["keepa", LOCAL_CREDENTIALS.keepa, { outage: 500 }, "one call", /fault of its own/],
  ] as const)("%s with %#", async (source, secret, behaviour, step, words) => {
    const { check } = await setUp(source, secret, behaviour);
    const found = await check();
    expect(found.reason).toMatch(words);
    expect(found.next_step).not.toBe("");
    expect(found.ok).toBe(false);
    expect(found.checks.at(-1)).toMatchObject({ name: step, ok: false });
    expect(JSON.stringify(found)).not.toMatch(/client_secret":|nobody-20|x{64}/);
  });

  it.each(SOURCES)("$id explains each code that stops it in words of its own", async (descriptor) => {
    const probe = (code: string) => {
      const failureClass = descriptor.classifyError(code);
      const error = new SourceError(descriptor.id, { code, status: null, failureClass, message: code });
      return descriptor.probe({ fetchProducts: () => Promise.reject(error) }, "www.amazon.com");
    };
    const unknown = (await probe("NoSuchCode")).reason.replace("NoSuchCode", "");
    const stopping = Object.entries(TABLES[descriptor.id] ?? {})
      .filter(([, failure_class]) => failure_class === "critical" || failure_class === "throttled")
      .map(([code]) => code);
    for (const code of stopping) {
      const { ok, reason, next_step } = await probe(code);
      expect({ code, ok, reason: reason.replace(code, "") }).not.toMatchObject({ reason: unknown });
      expect(next_step, code).not.toBe("");
    }
  });

  it("the limiter hears of it, so that work stops asking with such credentials", async () => {
    const { check, store } = await setUp("keepa", { key: "x".repeat(64) });
    await check();
    expect([...store.items.values()]).toMatchObject([{ breaker: "open", pause_code: "InvalidKey" }]);
  });
});
