import { errorStack } from "../common/core/error-words.ts";
import type { Deps } from "./deps.ts";
import { RECORD_MS } from "./time-left.ts";

/** Longest that one invocation wakes what waited: its own products wait meanwhile, and `reconcile` continues. */
const MAX_WAKING_MS = 5_000;

/**
 * Wakes what waits for a breaker that this instance closed. What cannot be woken now, `reconcile` wakes within a minute.
 * @returns whether one was closed since the last call
 */
export const wakeAfterClosing = async (
  { closings, wakeHeld, clock, log }: Pick<Deps, "closings" | "wakeHeld" | "clock" | "log">,
  remainingMs: () => number,
): Promise<boolean> => {
  const hasClosed = closings.take();
  const forMs = Math.min(MAX_WAKING_MS, remainingMs() - RECORD_MS);
  if (!hasClosed || forMs <= 0) return hasClosed;
  try {
    const woken = await wakeHeld(clock.now() + forMs);
    log.info("a source is back, what waited for it continues", { batches: woken });
  } catch (error) {
    log.error("what waits for a source that is back was not woken, reconcile takes over", { error: errorStack(error) });
  }
  return hasClosed;
};
