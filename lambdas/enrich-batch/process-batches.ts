import { isoTime } from "../core/clock.ts";
import { EnrichlineError } from "../core/errors.ts";
import { METRICS } from "../core/metric-names.ts";
import { productKey } from "../core/products/product-key.ts";
import type { RunRow } from "../core/runs/run-row.ts";
import type { BlockedBy } from "../core/sources/blocked-by.ts";
import type { BatchRecord } from "./batch-record.ts";
import { type ClaimedBatch, claimBatches } from "./claim-batches.ts";
import type { ClaimedWork } from "./claimed-work.ts";
import type { Deps } from "./deps.ts";
import type { EnrichOutcome, ProductOutcome } from "./enrich-port.ts";
import { committedRows, fixStoppedRuns, type Recorded } from "./fix-stopped-runs.ts";
import { recordRun } from "./record-run.ts";
import { RunWatch } from "./run-watch.ts";
import { isDue, wantedProducts } from "./wanted-products.ts";

/** Records that must be delivered again. */
export interface Unfinished {
  /** Something failed for now: soon. */
  readonly again: readonly BatchRecord[];
  /** Somebody else works on the row: when the queue gives them back, for then that lease is over. */
  readonly leased: readonly BatchRecord[];
}

/**
 * Works on a set of wake-ups together: claims their rows, merges their products so that upstream calls are full,
 * records each batch as soon as its products are through, and sees to it that what is open comes back.
 */
export const processBatches = async (
  deps: Deps,
  records: readonly BatchRecord[],
  remainingMs: () => number,
): Promise<Unfinished> => {
  const startedMs = deps.clock.now();
  const { claimed, failed, leased, settled_runs } = await claimBatches({ ...deps, owner: deps.newId() }, records);
  const again = [...failed];
  const open = new Set<ClaimedBatch>(claimed);
  const recorded: Recorded[] = [];
  let held: ClaimedWork[] = [];
  try {
    const readAtMs = deps.clock.now();
    const runs = await deps.runs.getRuns(
      claimed.map(({ row }) => ({ catalog_id: row.catalog_id, tracking_id: row.tracking_id })),
    );
    // A batch whose run is gone belongs to a deleted catalog: nothing is left to do for it.
    held = claimed.flatMap((batch) => {
      const run = runs.get(batch.row.tracking_id);
      if (!run) return [];
      open.delete(batch);
      return [{ ...batch, run }];
    });
    for (const batch of held) open.add(batch);
    for (const group of groupsOf(held)) {
      const watch = new RunWatch(
        { runs: deps.runs, clock: deps.clock, remainingMs },
        [...new Set(group.map((batch) => batch.run))],
        readAtMs,
      );
      const lost = await workGroup(deps, group, watch, recorded, (batch) => open.delete(batch));
      again.push(...lost.map((batch) => batch.record));
    }
  } catch (error) {
    // A fault in our own code: without their leases the batches can be taken up again as soon as they return.
    await Promise.all([...open].map((batch) => deps.batches.release(batch.row)));
    throw error;
  }
  await finishRuns(deps, [...held.map(({ run }) => run), ...settled_runs], recorded);
  if (held.length > 0) deps.meter.duration(METRICS.PROCESSING_DURATION, deps.clock.now() - startedMs);
  return { again, leased };
};

/** What a line says of a run of several that an invocation works for. */
const named = ({ batch_id, correlation_id }: RunRow) => ({ tracking_id: batch_id, correlation_id });

const isStopped = (run: RunRow): boolean => run.state === "cancelled" || run.state === "paused";

/** Batches that can be enriched together: their runs go on, and fetch products in the same way. */
const groupsOf = (held: readonly ClaimedWork[]): ClaimedWork[][] => {
  const groups = new Map<string, ClaimedWork[]>();
  for (const batch of held) {
    // Batch size says nothing about how a product is fetched.
    const key = isStopped(batch.run) ? "stopped" : JSON.stringify({ ...batch.run.options, batch_size: 0 });
    groups.set(key, [...(groups.get(key) ?? []), batch]);
  }
  return [...groups.values()];
};

/** Enriches one group, recording batches as they get ready. @returns batches whose outcome could not be committed. */
const workGroup = async (
  deps: Deps,
  group: readonly ClaimedWork[],
  watch: RunWatch,
  recorded: Recorded[],
  done: (batch: ClaimedWork) => void,
): Promise<ClaimedWork[]> => {
  const [first] = group;
  if (!first) return [];
  const dueMs = deps.clock.now();
  const outcomes = new Map<string, ProductOutcome>();
  let blocked_by: readonly BlockedBy[] = [];
  const open = new Set(group);
  const lost: ClaimedWork[] = [];

  const record = async (ready: readonly ClaimedWork[]): Promise<void> => {
    for (const batch of ready) open.delete(batch);
    for (const run of new Set(ready.map((batch) => batch.run))) {
      const batches = ready.filter((batch) => batch.run === run);
      lost.push(...(await tryRecord(deps, watch.latest(run), batches, { outcomes, blocked_by }, dueMs, recorded)));
    }
    for (const batch of ready) done(batch);
  };
  const isReady = ({ row }: ClaimedWork): boolean =>
    row.items.every((item) => !isDue(item, dueMs) || outcomes.has(productKey(row.marketplace, item.asin)));

  const products = isStopped(first.run)
    ? []
    : wantedProducts(
        group.map((batch) => batch.row),
        dueMs,
      );
  if (products.length > 0) {
    await deps.enrich({
      products,
      options: first.run.options,
      mayContinue: () => watch.mayContinue(),
      remainingMs: () => watch.remainingMs(),
      deliver: async (part) => {
        for (const [key, outcome] of part.outcomes) outcomes.set(key, outcome);
        blocked_by = part.blocked_by;
        const ready = [...open].filter(isReady);
        await record(ready);
        // What is settled makes room in the window; refilling it now keeps the upstream busy.
        if (ready.some(({ run }) => run.dispatched < run.batches)) await refill(deps);
      },
    });
  }
  await record([...open]);
  return lost;
};

const tryRecord = async (
  deps: Deps,
  run: RunRow,
  batches: readonly ClaimedWork[],
  outcome: EnrichOutcome,
  dueMs: number,
  recorded: Recorded[],
): Promise<readonly ClaimedWork[]> => {
  try {
    recorded.push({ run, rows: committedRows(await recordRun(deps, run, batches, outcome, dueMs)) });
    return [];
  } catch (error) {
    if (!(error instanceof EnrichlineError && error.retryable)) throw error;
    deps.log.warn("outcome not recorded, the batches come back", { ...named(run), error: error.message });
    return batches;
  }
};

/** What cannot be sent now, the dispatcher's schedule sends within a minute: what is recorded must not come back for it. */
const refill = async (deps: Deps, extra?: readonly RunRow[]): Promise<void> => {
  try {
    await deps.dispatcher.topUp(extra);
  } catch (error) {
    deps.log.error("the window was not refilled, the schedule takes over", {
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
};

/**
 * Closes runs that have nothing left, then refills the dispatch window with what they made free. Of runs that neither had
 * anything left to go on with nor got it now it is said that they wait.
 */
const finishRuns = async (
  deps: Deps,
  touched: readonly Pick<RunRow, "catalog_id" | "batch_id">[],
  recorded: readonly Recorded[],
): Promise<void> => {
  const keys = new Map(touched.map((run) => [run.batch_id, { catalog_id: run.catalog_id, tracking_id: run.batch_id }]));
  let latest = await deps.runs.getRuns([...keys.values()]);
  if (await fixStoppedRuns(deps, latest, recorded)) latest = await deps.runs.getRuns([...keys.values()]);
  let room = false;
  for (const run of latest.values()) {
    const closed = await deps.runs.closeIfDone(run, isoTime(deps.clock.now()));
    if (closed) deps.log.info("run closed", { catalog_id: run.catalog_id, ...named(run), failed: run.failed });
    // A run that closed makes room too: what waited for it may be another run of the same user.
    room ||= closed || run.dispatched < run.batches;
  }
  if (room || latest.size === 0) await refill(deps, [...latest.values()]);
  // Nothing is said of a run that batches were sent of just now: it is not as it was read.
  for (const run of latest.values()) await deps.runs.waitIfAllParked(run, isoTime(deps.clock.now()));
};
