import type { CatalogStatus } from "../../lambdas/common/core/contract/runs/run-status.ts";
import { CLOSED_RUN_STATES } from "../../lambdas/common/core/runs/run-states.ts";
import { LocalError } from "../local-error.ts";
import type { Progress } from "./output/render-progress.ts";
import { createRecentRate } from "./recent-rate.ts";

const POLL_MS = 500;
/** Longest time without any progress. Retries of a product wait up to 120 s, so it must be more than that. */
const STALLED_MS = 240_000;

export interface FollowOptions {
  readonly readStatus: () => Promise<CatalogStatus>;
  /** Upstream calls used of the day; null when nobody says. */
  readonly readQuota: () => Promise<Progress["quota"]>;
  readonly onProgress: (progress: Progress) => void;
  readonly signal?: AbortSignal;
  /** Clock, milliseconds. */
  readonly now: () => number;
  /** Waits by that clock; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
}

const waitsFor = ({ state, blocked_by }: CatalogStatus): string | null => {
  if (state !== "waiting_for_source" && state !== "paused") return null;
  const [first] = blocked_by;
  return first ? `${first.source} ${first.code}; ${first.action}` : state;
};

/**
 * Follows a run until it is over.
 * @returns its last status
 * @throws LocalError when nothing moves for four minutes, with what it waits for.
 */
export const followRun = async (options: FollowOptions): Promise<CatalogStatus> => {
  const rate = createRecentRate();
  let lastDone = -1;
  let movedAt = options.now();
  for (;;) {
    options.signal?.throwIfAborted();
    const [status, quota] = await Promise.all([options.readStatus(), options.readQuota()]);
    const { counts, totals } = status;
    const done = totals.products - counts.pending;
    const now = options.now();
    options.onProgress({
      done,
      total: totals.products,
      perSecond: rate.add(now, done),
      quota,
      secondsLeft: status.estimate.seconds_left,
      waitsFor: waitsFor(status),
    });
    if ((CLOSED_RUN_STATES as readonly string[]).includes(status.state)) return status;
    if (done !== lastDone) {
      lastDone = done;
      movedAt = now;
    } else if (now - movedAt > STALLED_MS) {
      const why = waitsFor(status) ?? `its state is ${status.state}`;
      throw new LocalError(
        `Nothing moved for ${STALLED_MS / 60_000} minutes: ${counts.pending} products are pending, ${why}. See logs/emulator.log in the state folder.`,
      );
    }
    await options.sleep(POLL_MS, options.signal);
  }
};
