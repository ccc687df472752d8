import { EnrichlineError } from "../../../core/errors.ts";

/** The request carries no verified identity: 401. API Gateway refuses such requests first; this is the second lock. */
export class UnauthorizedError extends EnrichlineError {
  override readonly name: string = "UnauthorizedError";
  readonly code = "unauthorized";
  readonly retryable = false;
}
