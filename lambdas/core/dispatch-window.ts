import { EXPRESS_BATCHES } from "./batch-size.ts";
import { inFlight, mayDispatch, productsInFlight } from "./run.ts";
import type { RunRow } from "./status-rows.ts";

/** What one run may send now. */
export interface DispatchShare {
  readonly run: RunRow;
  /** Batches to send, from 1. */
  readonly batches: number;
}

/**
 * Products that may be in flight at once: what the upstream serves in the window.
 * @param productsPerSecond rate of the first source times ids per call
 */
export const windowProducts = (windowSeconds: number, productsPerSecond: number): number =>
  Math.max(1, Math.ceil(windowSeconds * productsPerSecond));

/** Express batches that one user may have in flight: two of the largest express runs. More would pass all turns. */
export const EXPRESS_IN_FLIGHT = 2 * EXPRESS_BATCHES;

/**
 * Shares the window out among all open runs: users take turns, one batch a turn, and within a user the oldest run
 * goes first. A user with less than a batch in flight gets one even when the window is full, so that nobody is kept
 * out by what another one reopened; the window is exceeded by at most one batch a user for it. Express runs go beside
 * the window, because they are small and somebody waits for them, but only `EXPRESS_IN_FLIGHT` batches a user.
 * @param runs open runs, oldest first
 */
export const planDispatch = (runs: readonly RunRow[], windowSizeProducts: number): DispatchShare[] => {
  const shares = planExpress(runs.filter((run) => run.express));
  const loads = new Map<string, number>();
  const loadOf = (owner: string): number => loads.get(owner) ?? 0;
  const turns = new Map<string, RunRow[]>();
  let used = 0;
  for (const run of runs.filter((candidate) => !candidate.express)) {
    if (isMoving(run)) {
      used += productsInFlight(run);
      loads.set(run.owner_id, loadOf(run.owner_id) + productsInFlight(run));
    }
    if (isSendable(run)) turns.set(run.owner_id, [...(turns.get(run.owner_id) ?? []), run]);
  }
  const grantTo = (owner: string): boolean => {
    const run = turns.get(owner)?.find((candidate) => unsentBatches(candidate) > (shares.get(candidate) ?? 0));
    if (!run) return false;
    shares.set(run, (shares.get(run) ?? 0) + 1);
    loads.set(owner, loadOf(owner) + run.options.batch_size);
    used += run.options.batch_size;
    return true;
  };
  // Fewest products in flight first, so that who has least catches up.
  const owners = [...turns.keys()].sort((a, b) => loadOf(a) - loadOf(b));
  let granted = true;
  while (granted && used < windowSizeProducts) {
    granted = false;
    for (const owner of owners) if (used < windowSizeProducts) granted = grantTo(owner) || granted;
  }
  for (const owner of owners) {
    const [oldest] = turns.get(owner) ?? [];
    if (oldest && loadOf(owner) < oldest.options.batch_size) grantTo(owner);
  }
  return [...shares].map(([run, batches]) => ({ run, batches }));
};

/** Batches of express runs that go now; the others go as soon as earlier ones of the same user are settled. */
const planExpress = (runs: readonly RunRow[]): Map<RunRow, number> => {
  const shares = new Map<RunRow, number>();
  const sent = new Map<string, number>();
  for (const run of runs) {
    if (isMoving(run)) sent.set(run.owner_id, (sent.get(run.owner_id) ?? 0) + inFlight(run));
  }
  for (const run of runs.filter(isSendable)) {
    const before = sent.get(run.owner_id) ?? 0;
    const batches = Math.min(unsentBatches(run), EXPRESS_IN_FLIGHT - before);
    if (batches <= 0) continue;
    shares.set(run, batches);
    sent.set(run.owner_id, before + batches);
  }
  return shares;
};

const unsentBatches = (run: RunRow): number => run.batches - run.dispatched;

/**
 * A run that is paused or waits for a source uses none of the upstream, so it must not keep others out of the window.
 * Nothing more is sent of it until what it has in flight goes on.
 */
const isMoving = (run: RunRow): boolean => run.state === "queued" || run.state === "running";

const isSendable = (run: RunRow): boolean => mayDispatch(run) && (isMoving(run) || inFlight(run) === 0);
