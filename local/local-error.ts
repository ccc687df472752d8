import { EnrichlineError } from "../lambdas/common/core/errors.ts";

/** Something on the way to a running local stack failed. The message says what, and what to do about it. */
export class LocalError extends EnrichlineError {
  override readonly name: string = "LocalError";
  readonly code = "local_stack";
  readonly retryable = false;
}

/** Text of whatever was thrown, for a person. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
