import { HTTPException } from "hono/http-exception";
import type { Problem } from "../../../core/contract/problem.ts";
import {
  ConflictError,
  DuplicateError,
  EnrichlineError,
  ForbiddenError,
  GoneError,
  NotFoundError,
  StaleWriteError,
  TransientError,
  ValidationError,
} from "../../../core/errors.ts";
import { MethodNotAllowedError } from "./method-not-allowed-error.ts";
import { ProblemError } from "./problem-error.ts";
import { TooManyCallsError } from "./too-many-calls-error.ts";
import { UnauthorizedError } from "./unauthorized-error.ts";

const TITLES: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  409: "Conflict",
  410: "Gone",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** `Retry-After` in seconds when the error itself names none. */
const DEFAULT_RETRY_AFTER_SECONDS = 2;

const statusOf = (error: EnrichlineError): number => {
  if (error instanceof ValidationError) return error.status;
  if (error instanceof UnauthorizedError) return 401;
  if (error instanceof ForbiddenError) return 403;
  if (error instanceof NotFoundError) return 404;
  if (error instanceof MethodNotAllowedError) return 405;
  if (error instanceof GoneError) return 410;
  if (error instanceof TooManyCallsError) return 429;
  if (error instanceof ConflictError || error instanceof DuplicateError) return 409;
  if (error instanceof TransientError || error instanceof StaleWriteError) return 503;
  return 500;
};

const problem = (status: number, code: string, detail: string, correlationId: string): Problem => ({
  type: `urn:enrichline:problem:${code}`,
  title: TITLES[status] ?? "Error",
  status,
  detail,
  code,
  errors: [],
  correlation_id: correlationId,
});

/**
 * The problem that a client may see for an error, and the headers that go with it. Any error that is not thrown on purpose
 * becomes a 500 without details, because its message may name internals.
 */
export const toProblem = (
  error: unknown,
  correlationId: string,
): { readonly body: Problem; readonly headers: Readonly<Record<string, string>> } => {
  if (error instanceof HTTPException) {
    const code = error.status === 415 ? "unsupported_media_type" : "invalid_request";
    return { body: problem(error.status, code, error.message, correlationId), headers: {} };
  }
  const status = error instanceof EnrichlineError ? statusOf(error) : 500;
  if (!(error instanceof EnrichlineError) || status === 500) {
    const detail = `Something went wrong on our side. Try again; if it stays, ask for help with correlation id ${correlationId}.`;
    return { body: problem(500, "internal_error", detail, correlationId), headers: {} };
  }
  const body = problem(status, error.code, error.message, correlationId);
  if (error instanceof ValidationError) body.errors = [...error.errors];
  if (error instanceof ProblemError) Object.assign(body, error.members);
  if (error instanceof MethodNotAllowedError) return { body, headers: { allow: error.allowed.join(", ") } };
  if (error instanceof TooManyCallsError) return { body, headers: { "retry-after": String(error.retryAfterSeconds) } };
  if (status !== 503) return { body, headers: {} };
  const seconds = error instanceof TransientError ? error.retryAfterSeconds : undefined;
  return { body, headers: { "retry-after": String(seconds ?? DEFAULT_RETRY_AFTER_SECONDS) } };
};
