import { type ConflictError, ValidationError } from "../common/core/errors.ts";

/** A refusal as its user reads it: what is wrong, the fix, and where. */
export const failureWords = (error: ValidationError | ConflictError): string => {
  const details = error instanceof ValidationError ? error.errors : [];
  return [error.message, ...details.map(({ field, problem }) => `${field}: ${problem}.`)].join(" ");
};
