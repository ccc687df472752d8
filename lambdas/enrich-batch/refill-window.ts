import { errorStack } from "../common/core/error-words.ts";
import type { RunRow } from "../common/core/runs/run-row.ts";
import type { Deps } from "./deps.ts";

/**
 * Refills the dispatch window. What cannot be sent now, the dispatcher's schedule sends within a minute: what is recorded
 * must not come back for it.
 * @param runs runs as they were just read; they need not be found again
 */
export const refillWindow = async (
  { dispatcher, log }: Pick<Deps, "dispatcher" | "log">,
  runs?: readonly RunRow[],
): Promise<void> => {
  try {
    await dispatcher.topUp(runs);
  } catch (error) {
    log.error("the window was not refilled, the schedule takes over", { error: errorStack(error) });
  }
};
