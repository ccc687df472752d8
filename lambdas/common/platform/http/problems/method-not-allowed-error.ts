import { EnrichlineError } from "../../../core/errors.ts";

/** The address exists, but not for this method: 405 with `Allow`. */
export class MethodNotAllowedError extends EnrichlineError {
  override readonly name: string = "MethodNotAllowedError";
  readonly code = "method_not_allowed";
  readonly retryable = false;
  /** Methods that the address has, upper case. */
  readonly allowed: readonly string[];

  constructor(allowed: readonly string[]) {
    super(`This address takes ${allowed.join(", ")} only.`);
    this.allowed = allowed;
  }
}
