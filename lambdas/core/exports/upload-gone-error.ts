import { EnrichlineError } from "../errors.ts";

/**
 * The upload in parts that a checkpoint names is no longer usable: S3 ends those that stay open for a day, as after a
 * long outage. The export must begin again.
 */
export class UploadGoneError extends EnrichlineError {
  override readonly name: string = "UploadGoneError";
  readonly code = "upload_gone";
  readonly retryable = true;
}
