import type { BatchRowStore, UnsettledBatch } from "../../adapters/dynamodb/enrichment-status/batch-row-store.ts";
import type { RunStore } from "../../adapters/dynamodb/enrichment-status/run-store.ts";
import type { OnUnreadable } from "../../adapters/dynamodb/enrichment-status/unreadable-row.ts";
import type { BatchQueue } from "../../adapters/sqs/batch-queue.ts";
import { isUnleased } from "../../core/batches/batch-lease.ts";
import type { BatchRow } from "../../core/batches/batch-row.ts";
import { holdsOf, wakeBatch } from "../../core/batches/reschedule/wake-batch.ts";
import { type Clock, isoTime } from "../../core/clock.ts";
import { type Hold, holdOf } from "../../core/limiter/breaker/hold-of.ts";
import type { LimitStore } from "../../core/limiter/limit-store.ts";
import type { RunRow } from "../../core/runs/run-row.ts";
import { isOpen } from "../../core/runs/run-states.ts";
import { roundRobin } from "./round-robin.ts";
import { AT_ONCE_MS, BATCHES_AT_ONCE, type QueueUrls, sendAgain } from "./send-again.ts";

export interface WakeHeldDeps {
  readonly runs: Pick<RunStore, "listOpenRuns" | "takeBlocksOff" | "forgetHold">;
  readonly batches: Pick<BatchRowStore, "listUnsettledOf" | "getAll" | "replace">;
  readonly limits: Pick<LimitStore, "read">;
  readonly batchQueue: Pick<BatchQueue, "send">;
  readonly queues: QueueUrls;
  /** What a source serves, by its id. */
  readonly productsPerSecond: (source: string) => number;
  readonly onUnreadable: OnUnreadable;
  readonly clock: Clock;
}

const sourceOf = (limitKey: string): string => limitKey.slice(0, limitKey.indexOf("#"));

/** Refusals that have nothing to do with a breaker. */
const OTHER_REASONS: readonly string[] = ["rate", "daily-quota", "not_configured"];

/** What a pass knows of the limit keys that hold products up. */
class Holds {
  readonly #holds: ReadonlyMap<string, Hold>;
  /** Keys that hold nothing up any more, or whose probe is due: what waits for them is of interest. */
  readonly keys: ReadonlySet<string>;
  readonly #probed = new Set<string>();

  constructor(holds: ReadonlyMap<string, Hold>) {
    this.#holds = holds;
    this.keys = new Set([...holds].flatMap(([key, hold]) => (hold === "holds" ? [] : key)));
  }

  /** Those of `keys` for which a batch may be woken now: all that are free, and one batch for each probe that is due. */
  freeOf(keys: readonly string[]): Set<string> {
    return new Set(keys.filter((key) => this.isFree(key) || !this.#probed.has(key)));
  }

  isFree(key: string): boolean {
    return this.#holds.get(key) === "none";
  }

  /** Whether nothing more may be woken: each probe that is due has its batch, and no key is free. */
  isUsedUp(): boolean {
    return this.freeOf([...this.keys]).size === 0;
  }

  noteWoken(keys: Iterable<string>): void {
    for (const key of keys) this.#probed.add(key);
  }

  /** What a run still waits for: a source that is back under all of its keys is none of that. */
  blocksOf({ blocked_by, held = {} }: RunRow): RunRow["blocked_by"] {
    const own = Object.keys(held);
    const isBack = (source: string): boolean => {
      const keys = own.filter((key) => sourceOf(key) === source);
      return keys.length > 0 && keys.every((key) => this.isFree(key));
    };
    return blocked_by.filter(({ source, code }) => OTHER_REASONS.includes(code) || !isBack(source));
  }
}

/**
 * Wakes the batches that waited for an open breaker which is closed by now, and one batch for each breaker whose probe is
 * due: else nobody might call before the jitter of its recheck is over. All runs together, round-robin over users and their
 * runs; what a source serves in a minute at once, the rest at its pace. Slots, priorities and the day are the limiter's as ever.
 *
 * It acts on nothing but rows: the limit item says whether a source is back, the run that products of it are held up. So
 * it may run at any time and by many at once, and what one that died left is found by the next.
 * @param untilMs no further part is begun after this time
 * @returns batches woken, now or later
 */
export const wakeHeld = async (deps: WakeHeldDeps, untilMs: number): Promise<number> => {
  const open = await deps.runs.listOpenRuns(deps.onUnreadable);
  const held = open.filter((run) => isOpen(run.state) && run.state !== "paused" && holdersOf(run).length > 0);
  const holds = await readHolds(deps, new Set(held.flatMap(holdersOf)));
  const runs = held.filter((run) => holdersOf(run).some((key) => holds.keys.has(key)));
  if (runs.length === 0) return 0;
  for (const run of runs) await deps.runs.takeBlocksOff(run, holds.blocksOf(run));
  const startMs = deps.clock.now();
  const queue = await inRoundRobin(deps, runs);
  const known = new Map(runs.map((run) => [run.batch_id, run]));
  const pass: Pass = { holds, startMs, ahead: new Map(), waiting: new Set(), woken: 0 };
  for (let from = 0; from < queue.length; from += BATCHES_AT_ONCE) {
    if (deps.clock.now() >= untilMs || holds.isUsedUp()) return pass.woken;
    await wakePart(deps, pass, known, await deps.batches.getAll(queue.slice(from, from + BATCHES_AT_ONCE)));
  }
  for (const run of runs) {
    for (const key of holdersOf(run)) {
      if (holds.keys.has(key) && !pass.waiting.has(`${run.batch_id} ${key}`)) await deps.runs.forgetHold(run, key);
    }
  }
  return pass.woken;
};

interface Pass {
  readonly holds: Holds;
  readonly startMs: number;
  /** Products woken so far, by source. */
  readonly ahead: Map<string, number>;
  /** `<tracking id> <limit key>` of what was found waiting. */
  readonly waiting: Set<string>;
  woken: number;
}

const holdersOf = ({ held = {} }: RunRow): string[] => Object.keys(held);

const readHolds = async ({ limits, clock }: WakeHeldDeps, keys: ReadonlySet<string>): Promise<Holds> => {
  const found = await Promise.all([...keys].map(async (key) => [key, await limits.read(key)] as const));
  const nowMs = clock.now();
  return new Holds(new Map(found.map(([key, item]) => [key, holdOf(item, nowMs)])));
};

/** The batches of the runs that are not settled, in the order in which users and their runs share a source. */
const inRoundRobin = async ({ batches }: WakeHeldDeps, runs: readonly RunRow[]): Promise<UnsettledBatch[]> => {
  const keys = await batches.listUnsettledOf(runs.map(({ batch_id }) => batch_id));
  const byRun = Map.groupBy(keys, ({ tracking_id }) => tracking_id);
  const byOwner = Map.groupBy(runs, ({ owner_id }) => owner_id);
  return roundRobin([...byOwner.values()].map((own) => roundRobin(own.map((run) => byRun.get(run.batch_id) ?? []))));
};

const pendingIn = (row: BatchRow): number => row.items.filter(({ state }) => state === "pending").length;

const wakePart = async (
  deps: WakeHeldDeps,
  pass: Pass,
  runs: ReadonlyMap<string, RunRow>,
  rows: readonly BatchRow[],
): Promise<void> => {
  const nowMs = deps.clock.now();
  const outcomes = rows.flatMap((row) => {
    const keys = holdsOf(row, pass.holds.keys);
    for (const key of keys) pass.waiting.add(`${row.tracking_id} ${key}`);
    const free = pass.holds.freeOf(keys);
    const [first] = free;
    if (first === undefined || !isUnleased(row, isoTime(nowMs))) return [];
    const source = sourceOf(first);
    const ahead = pass.ahead.get(source) ?? 0;
    const paceMs = Math.round((ahead / deps.productsPerSecond(source)) * 1_000);
    const outcome = wakeBatch(row, free, nowMs, pass.startMs + Math.max(0, paceMs - AT_ONCE_MS));
    if (!outcome) return [];
    pass.ahead.set(source, ahead + pendingIn(row));
    pass.holds.noteWoken(free);
    return outcome;
  });
  const written = await Promise.all(
    outcomes.map(async (one) => ((await deps.batches.replace(one.before, one.after)) ? one : [])),
  );
  const woken = written.flat();
  pass.woken += woken.length;
  for (const [trackingId, own] of Map.groupBy(woken, ({ after }) => after.tracking_id)) {
    const run = runs.get(trackingId);
    if (!run) continue;
    const again = own.flatMap(({ after, resendAfterMs }) =>
      resendAfterMs === null ? [] : [{ row: after, delaySeconds: resendAfterMs / 1_000 }],
    );
    await sendAgain(deps, run, again);
  }
};
