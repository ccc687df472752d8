import { ConflictError } from "../errors.ts";
import type { RunRow } from "./run-row.ts";
import { isOpen } from "./run-states.ts";

/** What a user may ask of a run. */
export type RunAction = "pause" | "resume" | "cancel" | "retry";

const ENRICH_AGAIN = "POST /catalogs/{id}/enrich starts a new one";

const refusal = (action: RunAction, run: RunRow): ConflictError | undefined => {
  if (action === "retry") {
    if (run.state !== "cancelled") return undefined;
    return new ConflictError(
      `The run is cancelled, so nothing of it can be retried; ${ENRICH_AGAIN}.`,
      "run_cancelled",
    );
  }
  if (run.state === "cancelled") {
    const code = action === "cancel" ? "already_cancelled" : "run_cancelled";
    return new ConflictError(`The run is cancelled already; ${ENRICH_AGAIN}.`, code);
  }
  // With nothing pending the run closes by itself within moments.
  if (!isOpen(run.state) || run.pending === 0) {
    const failed = run.failed > 0 ? "; failed products can be retried" : "";
    return new ConflictError(
      `The run has ended, so there is nothing to ${action}${failed}; ${ENRICH_AGAIN}.`,
      "run_closed",
    );
  }
  if (action === "pause" && run.state === "paused") {
    return new ConflictError("The run is paused already; resume or cancel it.", "already_paused");
  }
  if (action === "resume" && run.state !== "paused") {
    return new ConflictError(`The run is ${run.state}, not paused; it can be paused or cancelled.`, "not_paused");
  }
  return undefined;
};

/**
 * Gives the run back when `action` is possible in its state.
 * @param run undefined: the catalog was never enriched
 * @throws ConflictError that says what is possible instead: `no_run`, `run_closed`, `run_cancelled`, `already_paused`,
 * `already_cancelled` or `not_paused`
 */
export const permitted = (action: RunAction, run: RunRow | undefined): RunRow => {
  if (!run) {
    throw new ConflictError(
      `This catalog was never enriched, so there is no run to ${action}; ${ENRICH_AGAIN.replace("new one", "run")}.`,
      "no_run",
    );
  }
  const refused = refusal(action, run);
  if (refused) throw refused;
  return run;
};
