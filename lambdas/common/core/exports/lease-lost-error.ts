import { StaleWriteError } from "../errors.ts";
import type { ExportJob } from "./export-job.ts";

/** What of an export says whether a worker has it. */
type LeaseState = Pick<ExportJob, "state" | "lease_until">;

/** A worker does not hold the lease of its export any more. */
export class LeaseLostError extends StaleWriteError {
  override readonly name: string = "LeaseLostError";
  /** Whether the export needs this worker's message no more: another one is at work, or nothing is left to do. */
  readonly isCaredFor: boolean;

  /**
   * @param row the current row; undefined when it is forgotten
   * @param now time of the write that was refused
   */
  constructor(exportId: string, row: LeaseState | undefined, now: string, options?: ErrorOptions) {
    super(`export ${exportId} is not under this worker's lease any more`, options);
    // A lease that is over says nothing: the worker that had it may be dead.
    this.isCaredFor =
      row === undefined ||
      row.state === "ready" ||
      row.state === "failed" ||
      (row.lease_until !== undefined && row.lease_until >= now);
  }
}
