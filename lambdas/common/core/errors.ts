/** Base of every error that the product throws on purpose. `code` is stable and safe to show. */
export abstract class EnrichlineError extends Error {
  /** The class's own name, as text because bundling shortens the names of classes. */
  abstract override readonly name: string;
  abstract readonly code: string;
  /** Whether the same attempt may succeed later. */
  abstract readonly retryable: boolean;
}

/** One field that broke a rule, in words for the person who sent it. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

/** Shape or rule broken by the caller: 400 over HTTP, a failed record in a consumer. */
export class ValidationError extends EnrichlineError {
  override readonly name: string = "ValidationError";
  readonly code: string;
  readonly retryable = false;
  readonly errors: readonly FieldProblem[];
  /** HTTP status when it is not a plain 400 (409, 413, 415, 422). */
  readonly status: number;

  constructor(
    message: string,
    details: { code?: string; errors?: readonly FieldProblem[]; status?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.code = details.code ?? "invalid_request";
    this.errors = details.errors ?? [];
    this.status = details.status ?? 400;
  }
}

/** No such item, or none that this user may know of: 404. */
export class NotFoundError extends EnrichlineError {
  override readonly name: string = "NotFoundError";
  readonly code = "not_found";
  readonly retryable = false;
}

/** The request contradicts the present state: 409. */
export class ConflictError extends EnrichlineError {
  override readonly name: string = "ConflictError";
  readonly code: string;
  readonly retryable = false;

  constructor(message: string, code = "conflict", options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** It was there, and may not be given out any more: 410. */
export class GoneError extends EnrichlineError {
  override readonly name: string = "GoneError";
  readonly code: string;
  readonly retryable = false;

  constructor(message: string, code = "gone") {
    super(message);
    this.code = code;
  }
}

/** The user may not do this: 403. */
export class ForbiddenError extends EnrichlineError {
  override readonly name: string = "ForbiddenError";
  readonly code = "forbidden";
  readonly retryable = false;
}

/** The key is already written. For an idempotent write that is success, so callers decide. */
export class DuplicateError extends EnrichlineError {
  override readonly name: string = "DuplicateError";
  readonly code = "duplicate";
  readonly retryable = false;
}

/** A condition on a version or a fence no longer holds: read again, then decide. */
export class StaleWriteError extends EnrichlineError {
  override readonly name: string = "StaleWriteError";
  readonly code = "stale_write";
  readonly retryable = true;
}

/** Throttle, timeout or fault below us: 503 with a hint over HTTP, a retry in a consumer. */
export class TransientError extends EnrichlineError {
  override readonly name: string = "TransientError";
  readonly code: string;
  readonly retryable = true;
  readonly retryAfterSeconds: number | undefined;
  /** What the log has in place of the message, where that repeats the words of others. */
  readonly logWords?: string;

  constructor(
    message: string,
    details: { code?: string; retryAfterSeconds?: number; logWords?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    if (details.logWords !== undefined) this.logWords = details.logWords;
    this.code = details.code ?? "unavailable";
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** Settings or environment are wrong: the function must not start. */
export class ConfigError extends EnrichlineError {
  override readonly name: string = "ConfigError";
  readonly code = "bad_configuration";
  readonly retryable = false;
}
