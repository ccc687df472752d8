import { StaleWriteError } from "../errors.ts";
import type { ExportJob } from "./export-job.ts";

/** What of an export says who sees to it. */
type Standing = Pick<ExportJob, "state" | "lease_until">;

/** A worker does not hold the lease of its export any more. */
export class LeaseLostError extends StaleWriteError {
  override readonly name: string = "LeaseLostError";
  /** Whether the export needs this worker's message no more: another one is at work, or nothing is left to do. */
  readonly isCaredFor: boolean;

  /**
   * @param row the export as it stands; undefined when it is forgotten
   * @param now time of the write that was refused
   */
  constructor(exportId: string, row: Standing | undefined, now: string, options?: ErrorOptions) {
    super(`export ${exportId} is not under this worker's lease any more`, options);
    // A lease that is over says nothing: whoever had it may be dead.
    this.isCaredFor =
      row === undefined ||
      row.state === "ready" ||
      row.state === "failed" ||
      (row.lease_until !== undefined && row.lease_until >= now);
  }
}
