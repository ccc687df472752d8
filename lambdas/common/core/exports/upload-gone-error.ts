import { EnrichlineError } from "../errors.ts";

/**
 * What a checkpoint names is no longer there: S3 ends uploads in parts that stay open for a day, as after a long outage.
 * The export must begin again.
 */
export class UploadGoneError extends EnrichlineError {
  override readonly name: string = "UploadGoneError";
  readonly code = "upload_gone";
  readonly retryable = true;
}
