import { batchRange } from "../../../../../lambdas/common/core/batches/partition/batch-range.ts";
import type { LimitItem } from "../../../../../lambdas/common/core/limiter/limit-item.ts";
import { applyPlan } from "../../../../../lambdas/common/core/limiter/plan/apply-plan.ts";
import { planReservation } from "../../../../../lambdas/common/core/limiter/plan/plan-reservation.ts";
import type { RateLimit } from "../../../../../lambdas/common/core/limiter/rate-limiter.ts";
import { planDispatch } from "../../../../../lambdas/common/core/runs/dispatch-window.ts";
import { newRun } from "../../../../../lambdas/common/core/runs/run.ts";
import type { RunRow } from "../../../../../lambdas/common/core/runs/run-row.ts";
import { runHorizonMs } from "../../../../../lambdas/common/sources/chain/chain-request.ts";
import { aRun, NOON } from "../../../../helpers/rows.ts";

type Lane = "express" | "bulk";

interface Message {
  readonly run: string;
  left: number;
  visibleAtMs: number;
  readonly returns: number;
}

/** What the world is made of; all times in ms. */
export interface RoundRobinSetting {
  readonly callsPerSecond: number;
  readonly windowSeconds: number;
  readonly workers: Readonly<Record<Lane, number>>;
  readonly callMs: number;
  /** Messages that a worker receives at most, 1 to 10. */
  readonly receives: number;
  /** Number from 0 to 1, without 1; the only chance there is. */
  readonly random: () => number;
}

const IDS_PER_CALL = 10;
const LEAST_BACK_MS = 2_000;

/**
 * The main line in small, in simulated time: runs are cut and sent by `planDispatch`, workers of both queues reserve
 * slots by the limiter's own plans, wait in place or come back as the chain does. Everything else always goes well.
 */
export class RoundRobinWorld {
  nowMs = NOON;
  /** Products done, by user. */
  readonly done = new Map<string, number>();
  /** Time from upload to the last product, by user. */
  readonly took = new Map<string, number[]>();
  readonly #setting: RoundRobinSetting;
  readonly #limit: RateLimit;
  readonly #queues: Record<Lane, Message[]> = { express: [], bulk: [] };
  readonly #events: { atMs: number; order: number; go: () => void }[] = [];
  readonly #began = new Map<string, number>();
  #runs: RunRow[] = [];
  #item: LimitItem | undefined;
  #ids = 0;

  constructor(setting: RoundRobinSetting) {
    this.#setting = setting;
    const { callsPerSecond } = setting;
    this.#limit = { limitKey: "creators-api#me", callsPerSecond, unitsPerDay: null, allowanceShare: 1 };
    for (const lane of ["express", "bulk"] as const) {
      for (let n = 0; n < setting.workers[lane]; n += 1) void this.#work(lane);
    }
  }

  /** A user uploads a catalog of `products`. @returns the run's id */
  upload(user: string, products: number, batchSize = 20): string {
    this.#ids += 1;
    const id = `run-${this.#ids}`;
    const [segment] = aRun().segments;
    if (!segment) throw new Error("a run has a segment");
    const catalog = { catalog_id: id, user_id: user, segments: [{ ...segment, products }] };
    const options = { ...aRun().options, batch_size: batchSize };
    const now = new Date(this.nowMs).toISOString();
    this.#runs.push(newRun(catalog, { tracking_id: id, options, correlation_id: id, now }));
    this.#began.set(id, this.nowMs);
    this.#topUp();
    return id;
  }

  openRuns(user: string): number {
    return this.#runs.filter(({ owner_id }) => owner_id === user).length;
  }

  /** Products of an open run that are done. */
  progressOf(id: string): number {
    const run = this.#runs.find(({ batch_id }) => batch_id === id);
    if (!run) throw new Error(`there is no open run ${id}`);
    return run.uploaded - run.pending;
  }

  productsDone(user: string): number {
    return this.done.get(user) ?? 0;
  }

  /** Lets time pass; `every` is called after each second of it. */
  async pass(seconds: number, every: () => void = () => {}): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      const untilMs = this.nowMs + 1_000;
      for (;;) {
        this.#events.sort((a, b) => a.atMs - b.atMs || a.order - b.order);
        const next = this.#events[0];
        if (!next || next.atMs > untilMs) break;
        this.#events.shift();
        this.nowMs = Math.max(this.nowMs, next.atMs);
        next.go();
        // Everything that follows from it without time passing.
        for (let step = 0; step < 20; step += 1) await Promise.resolve();
      }
      this.nowMs = untilMs;
      every();
    }
  }

  #sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#events.push({ atMs: this.nowMs + ms, order: this.#setting.random(), go: resolve });
    return promise;
  }

  #topUp(): void {
    const { callsPerSecond, windowSeconds } = this.#setting;
    for (const { run, batches, express } of planDispatch(this.#runs, windowSeconds * callsPerSecond * IDS_PER_CALL)) {
      for (let n = 1; n <= batches; n += 1) {
        const { count } = batchRange(run.segments, run.options.batch_size, run.dispatched + n);
        const lane = n <= express ? "express" : "bulk";
        this.#queues[lane].push({ run: run.batch_id, left: count, visibleAtMs: this.nowMs, returns: 0 });
      }
      this.#change(run.batch_id, (row) => ({ ...row, state: "running", dispatched: row.dispatched + batches }));
    }
  }

  #change(id: string, next: (run: RunRow) => RunRow): void {
    this.#runs = this.#runs.map((run) => (run.batch_id === id ? next(run) : run));
  }

  async #work(lane: Lane): Promise<void> {
    for (;;) {
      await this.#sleep(50 + 200 * this.#setting.random());
      const visible = this.#queues[lane].filter((message) => message.visibleAtMs <= this.nowMs);
      const taken = visible.slice(0, 1 + Math.floor(this.#setting.receives * this.#setting.random()));
      this.#queues[lane] = this.#queues[lane].filter((message) => !taken.includes(message));
      await this.#invoke(lane, taken);
    }
  }

  async #invoke(lane: Lane, taken: readonly Message[]): Promise<void> {
    const returns = Math.max(0, ...taken.map((message) => message.returns));
    for (let open = [...taken]; open.length > 0; open = open.filter(({ left }) => left > 0)) {
      const retryAtMs = await this.#slot(lane, runHorizonMs(lane, returns));
      if (retryAtMs !== undefined) {
        for (const message of open) {
          const visibleAtMs = Math.max(this.nowMs + LEAST_BACK_MS, retryAtMs);
          this.#queues[lane].push({ ...message, visibleAtMs, returns: message.returns + 1 });
        }
        return;
      }
      await this.#sleep(this.#setting.callMs);
      let ids = IDS_PER_CALL;
      for (const message of open) {
        const served = Math.min(ids, message.left);
        ids -= served;
        message.left -= served;
        this.#settle(message, served);
      }
      this.#topUp();
    }
  }

  #settle({ run: id, left }: Message, products: number): void {
    const run = this.#runs.find(({ batch_id }) => batch_id === id);
    if (!run) throw new Error(`there is no open run ${id}`);
    this.done.set(run.owner_id, this.productsDone(run.owner_id) + products);
    const settled = run.settled + Number(left === 0 && products > 0);
    this.#change(id, (row) => ({ ...row, pending: row.pending - products, settled }));
    if (run.pending > products) return;
    this.#runs = this.#runs.filter(({ batch_id }) => batch_id !== id);
    const took = this.nowMs - (this.#began.get(id) ?? this.nowMs);
    this.took.set(run.owner_id, [...(this.took.get(run.owner_id) ?? []), took]);
  }

  /** Waits for a slot as the chain does. @returns when to come back; undefined when its slot has come */
  async #slot(lane: Lane, horizonMs: number): Promise<number | undefined> {
    for (let patienceMs = horizonMs; ; ) {
      const step = planReservation(this.#item, {
        ...{ limit: this.#limit, priority: lane, horizonMs, units: 1 },
        ...{ nowMs: this.nowMs, earliestMs: this.nowMs, probeOwner: "nobody" },
      });
      if (!("granted" in step)) {
        this.#item = applyPlan(this.#limit.limitKey, this.#item, step.plan);
        await this.#sleep(this.#item.next_free_ms - step.costMs - this.nowMs);
        return undefined;
      }
      const pauseMs = Math.max(25, step.retryAtMs - this.nowMs);
      if (pauseMs > patienceMs) return step.retryAtMs;
      patienceMs -= pauseMs;
      await this.#sleep(pauseMs);
    }
  }
}
