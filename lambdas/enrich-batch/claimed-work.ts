import type { RunRow } from "../core/runs/run-row.ts";
import type { ClaimedBatch } from "./claim-batches.ts";

/** A claimed batch with its run as it was when the batch was claimed. */
export interface ClaimedWork extends ClaimedBatch {
  readonly run: RunRow;
}
