import type { Clock } from "../../../../../lambdas/common/core/clock.ts";
import type { LimitItem } from "../../../../../lambdas/common/core/limiter/limit-item.ts";
import type {
  CallOutcome,
  CallPriority,
  RateLimit,
  Refusal,
  Slot,
} from "../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import type { SlotEnd } from "../../../../../lambdas/common/core/limiter/slot-end.ts";
import type { StateChange } from "../../../../../lambdas/common/core/limiter/state-change.ts";
import { StoreRateLimiter } from "../../../../../lambdas/common/core/limiter/store-rate-limiter.ts";
import { MemoryLimitStore } from "./memory-limit-store.ts";

/** A quarter hour's start, so that sums of times are easy to read. */
export const START_MS = Date.UTC(2026, 6, 31, 12);
export const MINUTE = 60_000;
export const HOUR = 3_600_000;

export const LIMIT: RateLimit = {
  limitKey: "creators-api#acme-21",
  callsPerSecond: 1,
  unitsPerDay: 8_640,
  allowanceShare: 1,
};

export const SUCCESS: CallOutcome = { kind: "success", signals: {}, latenessMs: 0 };
export const THROTTLED: CallOutcome = { kind: "throttled", signals: {} };
export const UNHEALTHY: CallOutcome = { kind: "unhealthy", signals: {} };
export const CRITICAL: CallOutcome = { kind: "critical", code: "InvalidSignature", message: "the secret is wrong" };

/** One limiter over a store in memory, and a clock that only the test and `sleep` move. */
export class LimiterRig {
  now = START_MS;
  readonly changes: StateChange[] = [];
  readonly ends: (readonly [sequence: number, end: SlotEnd])[] = [];
  readonly store: MemoryLimitStore;
  readonly limiter: StoreRateLimiter;

  constructor(store = new MemoryLimitStore()) {
    this.store = store;
    this.limiter = this.another();
  }

  /** One more instance over the same store, its clock `offset` ms from the rig's. */
  another(offset = 0): StoreRateLimiter {
    const clock: Clock = {
      now: () => this.now + offset,
      sleep: async (ms) => {
        this.now += Math.max(0, ms);
      },
    };
    const ids = (): string => `owner-${Math.random()}`;
    return new StoreRateLimiter({
      store: this.store,
      clock,
      ids,
      onStateChange: (change) => this.changes.push(change),
      onSlotEnd: ({ sequence }, end) => this.ends.push([sequence, end]),
    });
  }

  ask(
    limit: Partial<RateLimit> = {},
    request: { priority?: CallPriority; horizonMs?: number; units?: number } = {},
    limiter = this.limiter,
  ): Promise<Slot | Refusal> {
    const full = { priority: "bulk", horizonMs: 2_000, units: 1, ...request } as const;
    return limiter.reserve({ ...LIMIT, ...limit }, full);
  }

  async grant(...args: Parameters<LimiterRig["ask"]>): Promise<Slot> {
    const answer = await this.ask(...args);
    if (!answer.granted) throw new Error(`refused: ${JSON.stringify(answer)}`);
    return answer;
  }

  async refusal(...args: Parameters<LimiterRig["ask"]>): Promise<Refusal> {
    const answer = await this.ask(...args);
    if (answer.granted) throw new Error(`granted: ${JSON.stringify(answer)}`);
    return answer;
  }

  /** Makes a call at its slot and reports it. */
  async call(outcome: CallOutcome, limit: Partial<RateLimit> = {}): Promise<Slot> {
    const slot = await this.grant(limit, { horizonMs: 10_000 });
    this.now = Math.max(this.now, slot.atMs);
    await this.limiter.report({ ...LIMIT, ...limit }, slot, outcome);
    return slot;
  }

  get item(): LimitItem {
    const item = this.store.items.get(LIMIT.limitKey);
    if (!item) throw new Error("nothing is stored");
    return item;
  }
}
