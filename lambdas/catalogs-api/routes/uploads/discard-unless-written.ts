import { ConflictError, ValidationError } from "../../../common/core/errors.ts";
import type { RequestReport } from "../../../common/services/ingest/ingest-request.ts";

/** What DynamoDB throws when it refuses a write: another attempt is refused too. */
const REFUSALS: ReadonlySet<string> = new Set(["ValidationException", "TransactionCanceledException"]);

const isSurelyRefused = (error: unknown): boolean =>
  error instanceof ConflictError ||
  error instanceof ValidationError ||
  (error instanceof Error && REFUSALS.has(error.name));

/**
 * Continues with an upload whose files are stored, and removes them when it fails and the catalog's row surely was not
 * written: any error before the write, and a write that was refused. Files are kept
 * - after a lost answer, a time-out or any error whose effect is open: the row may be there, and a catalog without
 *   files is worse than files without a catalog;
 * - after a `DuplicateError`: a row with this new id exists, most likely our own that was written before a retry, and
 *   the files under this id are that row's;
 * - after the write.
 * @param work does its one write through `write`
 */
export const discardUnlessWritten = async <T>(
  ingested: Pick<RequestReport, "discard">,
  work: (write: (row: () => Promise<void>) => Promise<void>) => Promise<T>,
): Promise<T> => {
  let stage: "before" | "writing" | "after" = "before";
  try {
    return await work(async (row) => {
      stage = "writing";
      await row();
      stage = "after";
    });
  } catch (error) {
    const isAbsent = (): boolean => stage === "before" || (stage === "writing" && isSurelyRefused(error));
    if (isAbsent()) await ingested.discard();
    throw error;
  }
};
