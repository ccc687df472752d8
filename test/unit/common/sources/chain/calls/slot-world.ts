import { VirtualClock } from "../../../../../../bench/shared/virtual-clock.ts";
import type { Clock } from "../../../../../../lambdas/common/core/clock.ts";
import type { RateLimit } from "../../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import { StoreRateLimiter } from "../../../../../../lambdas/common/core/limiter/store-rate-limiter.ts";
import { CreatorsApiSecretSchema } from "../../../../../../lambdas/common/core/sources/known/creators-api/secret.ts";
import type { TokenCache } from "../../../../../../lambdas/common/core/sources/source-client.ts";
import { type PacedResult, pacedCall } from "../../../../../../lambdas/common/sources/chain/calls/paced-call.ts";
import type { ChainDeps } from "../../../../../../lambdas/common/sources/chain/chain-deps.ts";
import { descriptor } from "../../../../../../lambdas/common/sources/creators-api/descriptor.ts";
import { LIMIT, START_MS } from "../../../core/limiter/limiter-rig.ts";
import { MemoryLimitStore } from "../../../core/limiter/memory-limit-store.ts";
import { US } from "../fakes.ts";

/** How long things take, in milliseconds. Each time is asked for anew. */
export interface Slowness {
  /** One way of a write or a read of the limits table. */
  readonly table: () => number;
  /** A read of the shared token cache. */
  readonly tokens: () => number;
  /** Whether the call is still wanted. */
  readonly recheck: () => number;
  /** By which a timer rings late. */
  readonly timer: () => number;
  /** From sending a request to its arrival at the upstream. */
  readonly way: () => number;
}

const QUICK: Slowness = { table: () => 2, tokens: () => 2, recheck: () => 2, timer: () => 0, way: () => 1 };
const SECRET = CreatorsApiSecretSchema.parse({
  ...{ account: "me", credential_version: "3.1", client_id: "id", client_secret: "secret" },
  partner_tags: { [US]: "me-20" },
});
/** The source's own time for an answer. */
const ANSWER_MS = 150;

/**
 * Workers that call one upstream in virtual time, with the product's own limiter, slots, gate and client. What they wait for
 * takes as long as the test says.
 */
export class SlotWorld {
  readonly clock = new VirtualClock(START_MS);
  readonly store: MemoryLimitStore;
  /** When each request was sent, and when it arrived. */
  readonly sent: number[] = [];
  readonly arrived: number[] = [];
  /** Refuses calls that arrive within the interval, as the upstream does. */
  isStrict = false;
  refused = 0;
  isWanted = true;
  tokensIssued = 0;
  readonly #slow: Slowness;
  readonly #tokens = new Map<string, string>();
  #accepted = Number.NEGATIVE_INFINITY;
  #ids = 0;

  constructor(slow: Partial<Slowness> = {}) {
    this.#slow = { ...QUICK, ...slow };
    this.store = new MemoryLimitStore(() => this.clock.sleep(this.#slow.table()));
  }

  /** One worker of its own instance: makes one call, and gives how it ended. */
  worker(limit: RateLimit = LIMIT, horizonMs = 10_000): () => Promise<PacedResult<{ readonly signals: object }>> {
    const clock: Clock = {
      now: () => this.clock.now(),
      sleep: (ms) => (ms > 0 ? this.clock.sleep(ms + this.#slow.timer()) : Promise.resolve()),
    };
    const limiter = new StoreRateLimiter({
      ...{ store: this.store, clock, ids: () => `owner-${++this.#ids}`, onStateChange: () => undefined },
    });
    const tokens: TokenCache = {
      get: async (key) => {
        await this.clock.sleep(this.#slow.tokens());
        return this.#tokens.get(key);
      },
      put: async (key, token) => void this.#tokens.set(key, token),
      drop: async (key) => void this.#tokens.delete(key),
    };
    const fetch = (url: string | URL | Request, init?: RequestInit): Promise<Response> => this.#fetch(url, init);
    const context = { secret: SECRET, secretVersion: "1", endpoints: {}, clock, tokens, fetch };
    const client = descriptor.create(context);
    const deps: ChainDeps = {
      ...{ sources: [], limiter, clock, timeoutMs: 30_000 },
      stillWanted: async () => {
        await this.clock.sleep(this.#slow.recheck());
        return this.isWanted;
      },
    };
    const [operation] = descriptor.operations;
    if (!operation) throw new Error("the source has no operation");
    return () =>
      pacedCall(deps, {
        ...{ source: { descriptor, client, limitFor: () => limit }, operation, marketplace: US, ids: () => 1 },
        ...{ priority: "express", horizonMs },
        run: (signal) => client.fetchProducts({ marketplace: US, asins: ["B000000001"] }, signal),
      });
  }

  /** Lets time pass until the work is done. */
  async run<Result>(work: Promise<Result>): Promise<Result> {
    let isOver = false;
    const end = (): void => {
      isOver = true;
    };
    work.then(end, end);
    await this.clock.run(() => isOver, 30_000);
    return work;
  }

  /** Smallest distance of two requests that were sent one after the other. */
  get smallestGap(): number {
    const sent = this.sent.toSorted((one, other) => one - other);
    return Math.min(...sent.slice(1).map((atMs, index) => atMs - (sent[index] ?? 0)));
  }

  async #fetch(url: string | URL | Request, init?: RequestInit): Promise<Response> {
    if (String(url).includes("/token")) {
      this.tokensIssued += 1;
      await this.clock.sleep(ANSWER_MS);
      init?.signal?.throwIfAborted();
      return Response.json({ access_token: "token", token_type: "bearer", expires_in: 3_600 });
    }
    this.sent.push(this.clock.now());
    await this.clock.sleep(this.#slow.way());
    const now = this.clock.now();
    this.arrived.push(now);
    const isRefused = this.isStrict && now - this.#accepted < 1_000;
    if (isRefused) this.refused += 1;
    else this.#accepted = now;
    await this.clock.sleep(ANSWER_MS);
    if (isRefused) return Response.json({ type: "ThrottleException", retryAfterSeconds: 1 }, { status: 429 });
    return Response.json({ itemsResult: { items: [{ asin: "B000000001" }] } });
  }
}
