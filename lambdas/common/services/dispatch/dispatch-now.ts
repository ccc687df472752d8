import { errorStack } from "../../core/error-words.ts";
import type { RunRow } from "../../core/runs/run-row.ts";
import type { Log } from "../../platform/logger.ts";

/**
 * Sends the first batches of a run that is committed already. A failure here loses nothing: the run is open, and the
 * dispatcher's schedule sends within a minute what this could not. So it is logged, and what began the run stands.
 */
export const dispatchNow = async (
  run: RunRow,
  dispatch: (run: RunRow) => Promise<unknown>,
  log: Pick<Log, "error">,
): Promise<void> => {
  try {
    await dispatch(run);
  } catch (error) {
    log.error("first batches not sent, the schedule takes over", {
      catalog_id: run.catalog_id,
      tracking_id: run.batch_id,
      correlation_id: run.correlation_id,
      error: errorStack(error),
    });
  }
};
