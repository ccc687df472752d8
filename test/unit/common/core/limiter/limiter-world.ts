import type fc from "fast-check";
import type { LimitItem } from "../../../../../lambdas/common/core/limiter/limit-item.ts";
import type { LimitSignals } from "../../../../../lambdas/common/core/limiter/limit-signals.ts";
import { freshItem } from "../../../../../lambdas/common/core/limiter/plan/fresh-item.ts";
import type {
  CallOutcome,
  CallPriority,
  CallTiming,
  RateLimit,
  Slot,
} from "../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import { StoreRateLimiter } from "../../../../../lambdas/common/core/limiter/store-rate-limiter.ts";
import { comeTo } from "./come-to.ts";
import { MINUTE, START_MS } from "./limiter-rig.ts";
import { MemoryLimitStore } from "./memory-limit-store.ts";

/** What a caller does after a grant. */
export type Act = "success" | "throttled" | "unhealthy" | "critical" | "crash" | "late";

export interface CallerScript {
  /** Caller's clock less the true time, in ms. */
  readonly skew: number;
  readonly priority: CallPriority;
  readonly steps: readonly {
    readonly act: Act;
    readonly idle_ms: number;
    readonly units: number;
    /** What the round trip of a success is reported as. */
    readonly trip_ms: number;
  }[];
}

/** A call as the source sees it. */
export interface SeenCall {
  /** True time. */
  readonly atMs: number;
  readonly units: number;
  readonly latenessMs: number;
  /** Balance of the source's bucket after the call; null: it has none. */
  readonly tokens_after: number | null;
}

/** A bucket at the source: so many tokens at every whole minute, at most an hour's worth. */
class Bucket {
  readonly rate: number;
  #tokens: number;
  #minute = 0;

  constructor(rate: number) {
    this.rate = rate;
    this.#tokens = 60 * rate;
  }

  /** Takes a call's price at a true time, and gives what is left. */
  spend(units: number, timeMs: number): number {
    const minute = Math.floor((timeMs - START_MS) / MINUTE);
    this.#tokens = Math.min(60 * this.rate, this.#tokens + (minute - this.#minute) * this.rate) - units;
    this.#minute = minute;
    return this.#tokens;
  }

  /** What the answer says of it. */
  reading(timeMs: number): LimitSignals {
    const refillInMs = START_MS + (this.#minute + 1) * MINUTE - timeMs;
    return { tokensLeft: this.#tokens, refillInMs, refillPerMinute: this.rate };
  }
}

const HORIZON = { bulk: 2_000, refresh: 2_000, express: 5_000, interactive: 10_000 } as const;

/** A grant that the store accepted. */
export interface AcceptedGrant {
  readonly before: LimitItem | undefined;
  readonly after: LimitItem;
}

/**
 * Callers that share one limit while a scheduler decides in which order their steps happen. True time only moves on:
 * a timer that the scheduler lets wait fires late, an answer that it holds back comes late.
 */
export class LimiterWorld {
  readonly calls: SeenCall[] = [];
  readonly grants: AcceptedGrant[] = [];
  /** The grants without those whose time was given back unused. */
  readonly kept: AcceptedGrant[] = [];
  /** Time of each slot as it was granted, by sequence. */
  readonly slots = new Map<number, number>();
  readonly store: MemoryLimitStore;
  time = START_MS;
  refusals = 0;
  readonly #scheduler: fc.Scheduler;
  readonly #limit: RateLimit;
  readonly #bucket: Bucket | null;
  #nextId = 0;
  readonly #used = new Set<number>();

  /** @param refillPerMinute of the source's token bucket; absent: it has none */
  constructor(scheduler: fc.Scheduler, limit: RateLimit, latencyMs: number, refillPerMinute?: number) {
    this.#bucket = refillPerMinute === undefined ? null : new Bucket(refillPerMinute);
    this.#scheduler = scheduler;
    this.#limit = limit;
    this.store = new MemoryLimitStore(async () => {
      await scheduler.schedule(Promise.resolve());
      this.time += latencyMs;
    });
    if (this.#bucket) {
      // As an earlier answer left it: the size of a bucket is known from the first one on.
      const reading = { tokens_at_ms: START_MS, refill_at_ms: START_MS + MINUTE, refill_per_minute: this.#bucket.rate };
      this.store.items.set(limit.limitKey, {
        ...freshItem(limit, START_MS),
        ...reading,
        tokens: 60 * this.#bucket.rate,
      });
    }
    this.store.onApplied = (before, after) => {
      if (after.sequence === (before?.sequence ?? 0)) {
        if (after.next_free_ms < (before?.next_free_ms ?? 0)) this.#takeBack(after);
        return;
      }
      const grant = { before, after };
      this.grants.push(grant);
      this.kept.push(grant);
    };
  }

  /** Only the last grant can give its time back, and only once. */
  #takeBack(after: LimitItem): void {
    if (this.kept.pop()?.after.sequence !== after.returned_sequence) throw new Error("the time of another slot went");
  }

  async run(scripts: readonly CallerScript[]): Promise<void> {
    await this.#scheduler.waitFor(Promise.all(scripts.map((script) => this.#caller(script))));
  }

  async #sleep(ms: number): Promise<void> {
    const due = this.time + Math.max(0, ms);
    await this.#scheduler.schedule(Promise.resolve());
    this.time = Math.max(this.time, due);
  }

  async #caller(script: CallerScript): Promise<void> {
    const clock = { now: () => this.time + script.skew, sleep: (ms: number) => this.#sleep(ms) };
    const ids = (): string => {
      this.#nextId += 1;
      return `owner-${this.#nextId}`;
    };
    const instance = (): StoreRateLimiter =>
      new StoreRateLimiter({ store: this.store, clock, ids, onStateChange: () => undefined });
    let limiter = instance();
    for (const step of script.steps) {
      await this.#sleep(step.idle_ms);
      const request = { priority: script.priority, horizonMs: HORIZON[script.priority], units: step.units };
      const answer = await limiter.reserve(this.#limit, request);
      if (answer.granted) this.slots.set(answer.sequence, answer.atMs);
      if (!answer.granted) {
        this.refusals += 1;
        await this.#sleep(answer.retryAtMs - clock.now());
        continue;
      }
      if (step.act === "crash") {
        limiter = instance();
        continue;
      }
      if (step.act === "late") await this.#sleep(answer.atMs - clock.now() + 5_000);
      const slot = await comeTo(limiter, answer);
      if (!slot) continue;
      if (this.#used.has(slot.sequence)) throw new Error(`slot ${slot.sequence} was used twice`);
      this.#used.add(slot.sequence);
      const tokensAfter = this.#bucket?.spend(step.units, this.time) ?? null;
      this.calls.push({
        atMs: this.time,
        units: step.units,
        latenessMs: limiter.lateness(slot),
        tokens_after: tokensAfter,
      });
      const timing = { latenessMs: 0, roundTripMs: step.trip_ms };
      await this.#report(limiter, slot, step.act, { signals: this.#bucket?.reading(this.time) ?? {}, ...timing });
    }
  }

  #report(
    limiter: StoreRateLimiter,
    slot: Slot,
    act: Act,
    answer: CallTiming & { readonly signals: LimitSignals },
  ): Promise<void> {
    const outcomes: Partial<Record<Act, CallOutcome>> = {
      throttled: { kind: "throttled", signals: {} },
      unhealthy: { kind: "unhealthy", signals: {} },
      critical: { kind: "critical", code: "InvalidSignature", message: "the secret is wrong" },
    };
    return limiter.report(this.#limit, slot, outcomes[act] ?? { kind: "success", ...answer });
  }
}
