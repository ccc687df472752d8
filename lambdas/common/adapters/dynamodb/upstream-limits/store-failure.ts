import { ConfigError, TransientError } from "../../../core/errors.ts";

const MISCONFIGURED = new Set([
  "ResourceNotFoundException",
  "AccessDeniedException",
  "UnrecognizedClientException",
  "InvalidSignatureException",
]);

/**
 * The domain's error for a failed call to `upstream-limits`: `ConfigError` when the table or the rights to it are
 * missing, `TransientError` for everything that may pass (throttling, network, 5xx). Either way no upstream call
 * may start, because nobody knows whether its slot is free.
 */
export const storeFailure = (cause: unknown, what: string): ConfigError | TransientError => {
  const name = cause instanceof Error ? cause.name : "unknown error";
  if (MISCONFIGURED.has(name)) {
    return new ConfigError(`cannot ${what} (${name}): check the limits table's name and the function's rights`, {
      cause,
    });
  }
  return new TransientError(`cannot ${what} (${name})`, { code: "limits_unavailable", cause });
};
