import { NotFoundError, TransientError } from "../../core/errors.ts";

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");

/**
 * Turns a failure of S3 into the product's own: NotFoundError for a missing object, else TransientError, as every
 * other fault (throttle, timeout, a right that is missing) may be gone at the next attempt.
 * @param doing what was tried, such as `read catalogs/1/products/1.ndjson`
 */
export const translateS3Error = (error: unknown, doing: string): Error =>
  nameOf(error) === "NoSuchKey" || nameOf(error) === "NotFound"
    ? new NotFoundError(`could not ${doing}: there is no such object`, { cause: error })
    : new TransientError(`could not ${doing}: ${nameOf(error)}`, { code: "storage_unavailable", cause: error });
