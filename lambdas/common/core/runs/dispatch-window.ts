import { productsUpTo } from "../batches/partition/batch-range.ts";
import { mayDispatch, productsInFlight } from "./run.ts";
import type { RunRow } from "./run-row.ts";

/** What one run may send now. */
export interface DispatchShare {
  readonly run: RunRow;
  /** Batches to send, from 1. */
  readonly batches: number;
  /** So many of them, the first ones, go by the express queue; the others go by round-robin among the bulk ones. */
  readonly express: number;
}

/**
 * Products that may be in flight at once: what the upstream serves in the window.
 * @param productsPerSecond rate of the first source times ids per call
 */
export const windowProducts = (windowSeconds: number, productsPerSecond: number): number =>
  Math.max(1, Math.ceil(windowSeconds * productsPerSecond));

/**
 * Products of one user, over all his express runs, that may be in flight beside the window: ten full calls. More would
 * bypass the round-robin, and the next user would wait for them.
 */
export const EXPRESS_PRODUCTS = 100;

/**
 * Shares the window out among all open runs: round-robin over users, one batch each, and over the runs of one user:
 * the one with the fewest products in flight is next, the oldest of equals. A user with less than a batch in flight gets
 * one even when the window is full, so that nobody is kept out by what another one reopened; the window is exceeded by
 * at most one batch a user for it. What is parked for a later source takes no room: the first one is free for others.
 * Express runs go beside the window, because they are small and somebody waits for them, but only `EXPRESS_PRODUCTS` of
 * a user at once; the rest goes by round-robin in the window, as bulk work.
 * @param runs open runs, oldest first
 */
export const planDispatch = (runs: readonly RunRow[], windowSizeProducts: number): DispatchShare[] => {
  const express = planExpress(runs.filter((run) => run.express));
  const byRoundRobin = new Map<RunRow, number>();
  const loads = windowLoads(runs);
  const loadOf = (owner: string): number => loads.get(owner) ?? 0;
  let used = [...loads.values()].reduce((sum, load) => sum + load, 0);
  const sentNow = (run: RunRow): number => (express.get(run) ?? 0) + (byRoundRobin.get(run) ?? 0);
  const runLoad = (run: RunRow): number => productsInFlight(run) + sentNow(run) * run.options.batch_size;
  const sendable = Map.groupBy(runs.filter(isSendable), (run) => run.owner_id);
  const waiting = (owner: string): RunRow[] =>
    (sendable.get(owner) ?? []).filter((run) => unsentBatches(run) > sentNow(run));
  const grantTo = (owner: string): boolean => {
    const [first, ...others] = waiting(owner);
    if (!first) return false;
    const run = others.reduce((least, other) => (runLoad(other) < runLoad(least) ? other : least), first);
    byRoundRobin.set(run, (byRoundRobin.get(run) ?? 0) + 1);
    loads.set(owner, loadOf(owner) + run.options.batch_size);
    used += run.options.batch_size;
    return true;
  };
  // Fewest products in flight first, those beside the window too, so that who has least catches up.
  const beside = expressInFlight(runs);
  const rank = (owner: string): number => loadOf(owner) + Math.min(EXPRESS_PRODUCTS, beside.get(owner)?.all ?? 0);
  const owners = [...sendable.keys()].sort((a, b) => rank(a) - rank(b));
  let granted = true;
  while (granted && used < windowSizeProducts) {
    granted = false;
    for (const owner of owners) if (used < windowSizeProducts) granted = grantTo(owner) || granted;
  }
  for (const owner of owners) {
    const [oldest] = waiting(owner);
    if (oldest && loadOf(owner) < oldest.options.batch_size) grantTo(owner);
  }
  return runs
    .filter((run) => sentNow(run) > 0)
    .map((run) => ({ run, batches: sentNow(run), express: express.get(run) ?? 0 }));
};

/** Batches of express runs that go beside the window now, oldest first. */
const planExpress = (runs: readonly RunRow[]): Map<RunRow, number> => {
  const shares = new Map<RunRow, number>();
  const inFlightOf = expressInFlight(runs);
  const sent = new Map<string, number>();
  for (const run of runs.filter(isSendable)) {
    let products = sent.get(run.owner_id) ?? inFlightOf.get(run.owner_id)?.all ?? 0;
    let batches = 0;
    while (batches < unsentBatches(run)) {
      const next = productsOf(run, run.dispatched + batches + 1);
      if (products + next > EXPRESS_PRODUCTS) break;
      products += next;
      batches += 1;
    }
    sent.set(run.owner_id, products);
    if (batches > 0) shares.set(run, batches);
  }
  return shares;
};

/**
 * Products of express runs in flight by owner. Those of runs that wait or are paused count in `all`: what they wait
 * for may end at any time, and then they all continue at once; but not those parked for a later source.
 */
const expressInFlight = (runs: readonly RunRow[]): Map<string, { readonly all: number; readonly moving: number }> => {
  const found = new Map<string, { all: number; moving: number }>();
  for (const run of runs) {
    if (!run.express) continue;
    const before = found.get(run.owner_id) ?? { all: 0, moving: 0 };
    const products = productsInFlight(run);
    found.set(run.owner_id, {
      all: before.all + products,
      moving: before.moving + (isMoving(run) ? products : 0),
    });
  }
  return found;
};

/** Products that take up the window, by owner: of bulk runs, and of express runs what is more than goes beside it. */
const windowLoads = (runs: readonly RunRow[]): Map<string, number> => {
  const loads = new Map<string, number>();
  const add = (owner: string, products: number): unknown => loads.set(owner, (loads.get(owner) ?? 0) + products);
  for (const run of runs) if (!run.express && isMoving(run)) add(run.owner_id, productsInFlight(run));
  for (const [owner, { all, moving }] of expressInFlight(runs)) {
    add(owner, Math.min(moving, Math.max(0, all - EXPRESS_PRODUCTS)));
  }
  return loads;
};

const productsOf = (run: RunRow, batch: number): number => {
  const upTo = (number: number) => productsUpTo(run.segments, run.options.batch_size, number);
  return upTo(batch) - upTo(batch - 1);
};

const unsentBatches = (run: RunRow): number => run.batches - run.dispatched;

/**
 * A run that is paused or waits for a source uses none of the upstream, so it must not keep others out of the window.
 * Nothing more is sent of it until what it has in flight continues; what is parked for a later source is not in flight.
 */
const isMoving = (run: RunRow): boolean => run.state === "queued" || run.state === "running";

const isSendable = (run: RunRow): boolean => mayDispatch(run) && (isMoving(run) || productsInFlight(run) === 0);
