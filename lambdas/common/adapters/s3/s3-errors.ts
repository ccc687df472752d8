import { S3ServiceException } from "@aws-sdk/client-s3";
import { NotFoundError, TransientError } from "../../core/errors.ts";

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "unknown");

const isMissing = (error: unknown): boolean => ["NoSuchKey", "NotFound"].includes(nameOf(error));

/** Whether an object is not there. Without the right to list, S3 answers 403 for that, as for one that may not be read. */
export const isMissingUnlisted = (error: unknown): boolean =>
  isMissing(error) || (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 403);

/**
 * Converts a failure of S3 into the product's own: NotFoundError for a missing object, else TransientError, as every
 * other fault (throttle, timeout, a right that is missing) may be gone at the next attempt.
 * @param doing what was tried, such as `read catalogs/1/products/1.ndjson`
 */
export const translateS3Error = (error: unknown, doing: string): Error =>
  isMissing(error)
    ? new NotFoundError(`could not ${doing}: there is no such object`, { cause: error })
    : new TransientError(`could not ${doing}: ${nameOf(error)}`, { code: "storage_unavailable", cause: error });

/** As `translateS3Error` does for objects that may be listed; of others a refusal counts as missing too. */
export const translateUnlistedError = (error: unknown, doing: string): Error =>
  isMissingUnlisted(error)
    ? new NotFoundError(`could not ${doing}: there is no such object, or it may not be read`, { cause: error })
    : translateS3Error(error, doing);
