import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Network } from "../../local/upstreams/shared/server/network.ts";
import { asins, type BenchApi, isDone } from "../shared/bench-api.ts";
import { type BenchStack, startBenchStack } from "../shared/bench-stack.ts";
import { type Arrival, ArrivalsSchema } from "./arrivals.ts";
import { type NaiveWay, startNaiveWay } from "./naive-ways.ts";
import { type BusyDone, type BusyWork, startNeighbours } from "./neighbours.ts";
import { isUsed, type LoggedSlot, readSlots } from "./slot-log.ts";

/** One measurement of the deployed line. */
export interface LineWork {
  readonly network: Network;
  /** Calls per second that the upstream allows. */
  readonly rate: number;
  /** Milliseconds that the upstream takes for an answer. */
  readonly latencyMs: number;
  /** Calls to measure, from the first of the stack on. */
  readonly calls: number;
  /** Workers of each naive way. */
  readonly workers: number;
  /** Products of each express catalog; one is uploaded when the one before is done. */
  readonly expressProducts: number;
  /** Absent: nothing else happens. */
  readonly busy?: Omit<BusyWork, "fresh">;
}

/** What came of it: calls of each way in the order of their arrival. */
export interface LineResult {
  readonly line: readonly Arrival[];
  readonly naive: Readonly<Record<NaiveWay, readonly Arrival[]>>;
  /** Slots of the line, by their time. */
  readonly slots: readonly LoggedSlot[];
  readonly neighbours: BusyDone | undefined;
}

const IDS_PER_CALL = 10;
/** Calls' worth of products that the bulk run has beyond those measured, so that its end is not measured. */
const SPARE_CALLS = 100;
const RECHECK_MS = 500;
/** The emulator writes some logs only when an invocation ends, which is after 60 s at the latest. */
const LAST_LOG_MS = 75_000;
/** Time without any call after which a measurement has failed. */
const STALLED_MS = 120_000;

const arrivalsOf = async (stack: BenchStack): Promise<Arrival[]> =>
  ArrivalsSchema.parse(await stack.control("/arrivals"));

/** Uploads small catalogs, the next when the one before is done, so that express and bulk functions call together. */
const startExpress = (user: BenchApi, fresh: (count: number) => string[], products: number): (() => Promise<void>) => {
  let stopped = false;
  const run = async (): Promise<void> => {
    while (!stopped) {
      const id = await user.upload(fresh(products));
      await user.until(id, (status) => stopped || isDone(status), 1_000);
    }
  };
  const running = run();
  // A failure shows when it is ended.
  running.catch(() => undefined);
  return async () => {
    stopped = true;
    await running;
  };
};

const untilCalled = async (stack: BenchStack, calls: number): Promise<void> => {
  let seen = 0;
  let seenAt = performance.now();
  while (seen < calls) {
    const { total } = await stack.calls();
    if (total > seen) seenAt = performance.now();
    if (performance.now() - seenAt > STALLED_MS)
      throw new Error(`no call came for ${STALLED_MS / 1_000} s after ${seen} calls`);
    seen = total;
    await delay(RECHECK_MS);
  }
};

const slotsOf = async (stack: BenchStack, line: readonly Arrival[]): Promise<LoggedSlot[]> => {
  const log = join(stack.dir, "logs", "emulator.log");
  const lastMs = line.at(-1)?.sent_ms ?? 0;
  const until = performance.now() + LAST_LOG_MS;
  for (;;) {
    const slots = readSlots(readFileSync(log, "utf8"));
    const used = slots.filter((slot) => isUsed(slot) && slot.slot_ms <= lastMs).length;
    if (used >= line.length || performance.now() > until) return slots;
    await delay(RECHECK_MS);
  }
};

/** Ends each part once, at the first request. */
const once = <Result>(stop: () => Promise<Result>): (() => Promise<Result>) => {
  let stopping: Promise<Result> | undefined;
  return () => {
    stopping ??= stop();
    return stopping;
  };
};

/**
 * Measures a stack of its own from its first call on, when every function, token and connection is cold: a bulk run and
 * express catalogs side by side, and the naive ways at the same time against simulators of their own with the same network.
 */
export const measureLine = async (work: LineWork): Promise<LineResult> => {
  const { network, rate, latencyMs, calls, workers, busy } = work;
  const behaviour = { network, latency_ms: latencyMs };
  const stack = await startBenchStack(rate, { log_level: "DEBUG" }, behaviour);
  const stops: (() => Promise<unknown>)[] = [];
  const toStop = <Result>(stop: () => Promise<Result>): (() => Promise<Result>) => {
    const single = once(stop);
    stops.push(single);
    return single;
  };
  try {
    const [bulk, express, reader] = await stack.users(3);
    if (!bulk || !express || !reader) throw new Error("no user");
    let used = 0;
    const fresh = (count: number): string[] => {
      used += count;
      return asins(count, used - count);
    };
    const strict = { calls_per_second: rate, calls_per_day: 1_000_000, ...behaviour };
    const naiveWork = { workers, rate, behaviour: strict };
    const stopThrottle = toStop(await startNaiveWay("throttle", naiveWork));
    const stopDelay = toStop(await startNaiveWay("delay", naiveWork));
    const uploading = bulk.upload(fresh((calls + SPARE_CALLS) * IDS_PER_CALL));
    toStop(startExpress(express, fresh, work.expressProducts));
    const catalogId = await uploading;
    const stopNeighbours = busy && toStop(startNeighbours(catalogId, bulk, reader, { ...busy, fresh }));
    await untilCalled(stack, calls);
    const line = (await arrivalsOf(stack)).slice(0, calls);
    const naive = { throttle: await stopThrottle(), delay: await stopDelay() };
    const neighbours = await stopNeighbours?.();
    return { line, naive, slots: await slotsOf(stack, line), neighbours };
  } finally {
    await Promise.allSettled(stops.map((stop) => stop()));
    await stack.stop();
  }
};
