import { EnrichlineError } from "../../../core/errors.ts";

/** A key or a feed was called too often: 429 with `Retry-After`. */
export class TooManyCallsError extends EnrichlineError {
  override readonly name: string = "TooManyCallsError";
  readonly code = "too_many_calls";
  readonly retryable = true;
  /** Whole seconds after which there is room again. */
  readonly retryAfterSeconds: number;

  constructor(message: string, waitMs: number) {
    super(message);
    this.retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
  }
}
