import { isoTime } from "../../../../../lambdas/common/core/clock.ts";
import type {
  CallOutcome,
  RateLimiter,
  Refusal,
  RefusalReason,
  Slot,
} from "../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import type { ProductFields } from "../../../../../lambdas/common/core/products/product.ts";
import { SOURCE_ACCURACY } from "../../../../../lambdas/common/core/products/quality/quality.ts";
import type { SourceId } from "../../../../../lambdas/common/core/source-ids.ts";
import type { SourceAnswer, SourceClient } from "../../../../../lambdas/common/core/sources/source-client.ts";
import type { SourceOperation } from "../../../../../lambdas/common/core/sources/source-descriptor.ts";
import { SourceError } from "../../../../../lambdas/common/core/sources/source-error.ts";
import { gateOf } from "../../../../../lambdas/common/core/sources/upstream/send-gate.ts";
import type { CallRecord, ChainDeps } from "../../../../../lambdas/common/sources/chain/chain-deps.ts";
import type { ChainProduct, ChainRequest } from "../../../../../lambdas/common/sources/chain/chain-request.ts";
import type { ChainSource, ReadySource } from "../../../../../lambdas/common/sources/chain/chain-source.ts";

export const US = "www.amazon.com";
export const DE = "www.amazon.de";
export const START = Date.parse("2026-11-20T10:00:00.000Z");

/** A clock that only sleeping moves. */
export const fakeClock = () => {
  let now = START;
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += Math.max(0, ms);
    },
    advance: (ms: number) => {
      now += ms;
    },
  };
};
export type FakeClock = ReturnType<typeof fakeClock>;

/** A limiter that answers from a script and grants one slot a second when the script is empty. */
export class FakeLimiter implements RateLimiter {
  readonly reserved: string[] = [];
  readonly reports: { key: string; outcome: CallOutcome }[] = [];
  /** Refusals by limit key; the first entry is used up by each reservation unless `sticky`. */
  readonly refusals = new Map<string, { refusal: Omit<Refusal, "granted">; sticky: boolean }[]>();
  /** Slots to lose to lateness. */
  lost = 0;
  /** Whether somebody waits for a later slot. */
  follows = false;
  /** Whether the breaker changes while slots are waited for. */
  isVoid = false;
  readonly returned: number[] = [];
  /** Units left of the day; a call that costs more is refused. Null: no end. */
  left: number | null = null;
  probe = false;
  broken: Error | null = null;
  readonly #clock: FakeClock;
  #nextFree = 0;
  #sequence = 0;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  refuse(key: string, reason: RefusalReason, retryAtMs: number, sticky = true): void {
    const list = this.refusals.get(key) ?? [];
    list.push({ refusal: { reason, retryAtMs }, sticky });
    this.refusals.set(key, list);
  }

  async reserve(limit: { limitKey: string }, { units }: { units: number }): Promise<Slot | Refusal> {
    if (this.broken) throw this.broken;
    if (this.left !== null && units > this.left) {
      return { granted: false, reason: "daily-quota", retryAtMs: START + 86_400_000 };
    }
    if (this.left !== null) this.left -= units;
    const scripted = this.refusals.get(limit.limitKey);
    const first = scripted?.[0];
    if (first) {
      if (!first.sticky) scripted.shift();
      return { granted: false, ...first.refusal };
    }
    this.reserved.push(limit.limitKey);
    const atMs = Math.max(this.#clock.now(), this.#nextFree);
    this.#nextFree = atMs + 1000;
    this.#sequence += 1;
    return {
      granted: true,
      limitKey: limit.limitKey,
      atMs,
      guardMs: 50,
      shiftedMs: 0,
      grantedAtMs: this.#clock.now(),
      epoch: 1,
      sequence: this.#sequence,
      ...(this.probe ? { probeOwner: "me" } : {}),
    };
  }

  expectedWaitMs(): number {
    return Math.max(0, this.#nextFree - this.#clock.now());
  }

  async recheck(slot: Slot): Promise<Slot | undefined> {
    return this.isVoid ? undefined : slot;
  }

  async expressFollows(): Promise<boolean> {
    return this.follows;
  }

  async until(slot: Slot, leadMs = 0): Promise<void> {
    await this.#clock.sleep(slot.atMs - leadMs - this.#clock.now());
  }

  lateness(slot: Slot): number {
    const lateMs = this.#clock.now() - slot.atMs;
    return this.lost > 0 && lateMs >= 0 ? 1_000 : lateMs;
  }

  async giveBack(slot: Slot): Promise<void> {
    this.returned.push(slot.sequence);
    if (this.lost > 0) this.lost -= 1;
  }

  async report(limit: { limitKey: string }, _slot: Slot, outcome: CallOutcome): Promise<void> {
    this.reports.push({ key: limit.limitKey, outcome });
    if (outcome.kind === "critical") this.refuse(limit.limitKey, "paused", this.#clock.now() + 900_000);
  }

  async state(limit: { limitKey: string }) {
    const [first] = this.refusals.get(limit.limitKey) ?? [];
    return {
      limitKey: limit.limitKey,
      callsPerSecond: 1,
      usedToday: 0,
      leftToday: this.left,
      breaker: "closed" as const,
      blockedUntilMs: first?.refusal.retryAtMs ?? null,
      blockedReason: first?.refusal.reason ?? null,
      blockedDetail: null,
      refresh: { unitsPerDay: null, unitsLeft: null },
    };
  }

  async clearPause(key: string): Promise<void> {
    this.refusals.delete(key);
  }
}

export const FULL: Partial<ProductFields> = {
  title: "A title",
  current_price: "10.00",
  currency: "USD",
  availability_type: "in_stock",
  image_url: "https://m.media-amazon.com/images/I/1.jpg",
  star_rating: 4.5,
};

/** What a scripted source says about one id: fields, or the code of a failure. */
export type Reply = Partial<ProductFields> | string;

export interface FakeSource extends ReadySource {
  /** Ids of every call made, in order, with the shop. */
  readonly asked: { marketplace: string; asins: readonly string[]; kind: "products" | "offers" }[];
}

interface FakeOptions {
  readonly id: SourceId;
  readonly idsPerCall?: number;
  readonly costPerId?: boolean;
  readonly marketplaces?: readonly string[];
  readonly reply?: (asin: string) => Reply;
  readonly offers?: (asin: string) => Reply;
  /** Makes a whole call fail when it returns an error. */
  readonly fail?: (asins: readonly string[], call: number) => Error | undefined;
  readonly client?: Partial<SourceClient>;
}

const isCode = (reply: Reply): reply is string => typeof reply === "string";

export const sourceError = (
  source: SourceId,
  failureClass: SourceError["failureClass"],
  code: string,
  more: { status?: number | null; retryAfterMs?: number; tokenRefused?: boolean } = {},
): SourceError =>
  new SourceError(source, {
    code,
    failureClass,
    tokenRefused: more.tokenRefused ?? false,
    status: more.status ?? 500,
    message: `${code} happened`,
    signals: more.retryAfterMs === undefined ? {} : { retryAfterMs: more.retryAfterMs },
  });

/** What a client does before it sends anything. */
export const leave = async (signal: AbortSignal): Promise<void> => {
  await gateOf(signal)?.arrive();
  gateOf(signal)?.pass();
};

/** A source that answers at once from a script. */
export const fakeSource = (options: FakeOptions): FakeSource => {
  const { id, idsPerCall = 10, reply = () => FULL, offers } = options;
  const asked: FakeSource["asked"] = [];
  const cost = options.costPerId ? (ids: number) => ids : () => 1;
  const operations: SourceOperation[] = [{ name: "get-items", idsPerCall, limitKey: null, cost }];
  if (offers) operations.push({ name: "item-offers", idsPerCall, limitKey: "item-offers", cost });
  const answer = (asins: readonly string[], say: (asin: string) => Reply): SourceAnswer => {
    const said = asins.map((asin) => ({ asin, reply: say(asin) }));
    return {
      products: said.flatMap(({ asin, reply: r }) => (isCode(r) ? [] : [{ asin, fields: r }])).reverse(),
      failures: said.flatMap(({ asin, reply: r }) => (isCode(r) ? [{ asin, code: r, message: `${r} ${asin}` }] : [])),
      raw: JSON.stringify(said),
      signals: {},
    };
  };
  return {
    asked,
    descriptor: {
      id,
      operations,
      fields: ["title", "current_price", "currency", "availability_type", "image_url", "star_rating", "brand"],
      marketplaces: options.marketplaces ?? [US, DE],
      accuracy: SOURCE_ACCURACY[id],
      cacheTtl: 3600,
      defaultLimits: { callsPerSecond: 1, callsPerDay: null },
      classifyError: (code) => (code === "NotFound" ? "not_found" : code === "Flaky" ? "retriable" : "permanent"),
    },
    limitFor: (operation) => ({
      limitKey: operation.limitKey === null ? `${id}#me` : `${id}#me#${operation.limitKey}`,
      callsPerSecond: 1,
      unitsPerDay: null,
      allowanceShare: 1,
    }),
    client: {
      fetchProducts: async ({ marketplace, asins }, signal) => {
        await leave(signal);
        asked.push({ marketplace, asins, kind: "products" });
        const error = options.fail?.(asins, asked.length);
        if (error) throw error;
        return answer(asins, reply);
      },
      ...(offers
        ? {
            fetchOffers: async ({ marketplace, asins }, signal) => {
              await leave(signal);
              asked.push({ marketplace, asins, kind: "offers" });
              return answer(asins, offers);
            },
          }
        : {}),
      ...options.client,
    },
  };
};

/** `count` distinct ASINs. */
export const asins = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `B0${String(from + index).padStart(8, "0")}`);

export const bench = (sources: readonly ChainSource[], more: Partial<ChainDeps> = {}) => {
  const clock = fakeClock();
  const limiter = new FakeLimiter(clock);
  const calls: CallRecord[] = [];
  const deps: ChainDeps = { sources, limiter, clock, timeoutMs: 5_000, countCall: (c) => calls.push(c), ...more };
  return { clock, limiter, calls, deps };
};

export const request = (
  products: readonly (string | ChainProduct)[],
  options: Partial<ChainRequest["options"]> = {},
): ChainRequest => ({
  products: products.map((product) =>
    typeof product === "string" ? { asin: product, marketplace: US, waited: true } : product,
  ),
  options: { provider: null, fallback: true, priority: "bulk", horizonMs: 2_000, ...options },
});

export const at = (ms: number): string => isoTime(START + ms);
