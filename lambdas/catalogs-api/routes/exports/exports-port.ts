import type { ExportJob } from "../../../core/exports/export-job.ts";
import type { ExportMessage } from "../../../core/exports/export-message.ts";

/** Exports, as this room needs them. */
export interface Exports {
  create(job: ExportJob): Promise<void>;
  /** Undefined also when its time is over. */
  get(exportId: string, nowMs: number): Promise<ExportJob | undefined>;
  /** Sends a message to the function that writes exports. */
  wake(message: ExportMessage): Promise<void>;
  /** An address that is good for `seconds`. */
  downloadUrl(job: ExportJob, seconds: number): Promise<string>;
}
