import { afterEach, beforeEach, vi } from "vitest";
import { StoreRateLimiter } from "../../../../../lambdas/common/core/limiter/store-rate-limiter.ts";
import { NO_SHOP_SETTINGS } from "../../../../../lambdas/common/core/marketplaces/shop-settings.ts";
import type { SourceId } from "../../../../../lambdas/common/core/source-ids.ts";
import type { TokenCache } from "../../../../../lambdas/common/core/sources/source-client.ts";
import type { CallRecord } from "../../../../../lambdas/common/sources/chain/chain-deps.ts";
import { type CheckRequest, checkSource } from "../../../../../lambdas/common/sources/checks/check-source.ts";
import { describeSource } from "../../../../../lambdas/common/sources/registry/registry.ts";
import { startCreatorsApiSimulator } from "../../../../../local/upstreams/creators-api/server.ts";
import { startKeepaSimulator } from "../../../../../local/upstreams/keepa/server.ts";
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
type Simulated = keyof typeof START;

/** Rules of a simulator that makes no call wait. */
export const FAST = { calls_per_second: 1000 };

/** Noon of a day to come: no check runs over the end of a day. The simulators' clocks are moved there too. */
const noonAhead = (): number => (Math.floor(Date.now() / DAY_MS) + 1.5) * DAY_MS;
const DAY_MS = 86_400_000;

/** One source over its simulator, with a limiter in memory and a clock that only waiting moves. */
const checkOver = (simulator: RunningSimulator, source: Simulated, secret: unknown, startMs: number) => {
  let nowMs = startMs;
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
        sees: () => undefined,
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
  return { check, world, counted, tokens, upstreamCalls, store };
};

/**
 * Sources over their simulators, for each test of a file; all are closed when the test has ended.
 * @returns what sets up one source, with its stored secret (undefined: none) and the simulator's rules
 */
export const checkedSources = () => {
  let open: RunningSimulator[] = [];
  // A machine so busy that an answer takes seconds is not what these tests are about.
  beforeEach(() => void vi.spyOn(AbortSignal, "timeout").mockImplementation(() => new AbortController().signal));
  afterEach(async () => {
    vi.restoreAllMocks();
    await Promise.all(open.map((simulator) => simulator.close()));
    open = [];
  });
  return async (source: Simulated, secret: unknown, switches: Record<string, unknown> = {}) => {
    const startMs = noonAhead();
    const behaviour = { ...switches, clock_offset_ms: startMs - Date.now() };
    const simulator = await START[source]({ products: createProductSource(), behaviour });
    open.push(simulator);
    return checkOver(simulator, source, secret, startMs);
  };
};
