import { ConflictError, ValidationError } from "../../../core/errors.ts";

/** The refusal of a key that came with another request before. */
export const keyReused = (cause?: unknown): ValidationError =>
  new ValidationError("This Idempotency-Key was used with another request within the last 24 hours.", {
    code: "idempotency_key_reused",
    status: 422,
    errors: [{ field: "Idempotency-Key", problem: "use a new key for a new request" }],
    cause,
  });

/** The refusal of a key whose first request is not answered yet. */
export const keyInProgress = (cause?: unknown): ConflictError =>
  new ConflictError(
    "The first request with this Idempotency-Key is still being answered; repeat it in a moment.",
    "idempotency_in_progress",
    { cause },
  );
