import type { LeasedExport } from "../common/adapters/dynamodb/operations/export-store.ts";
import { errorWords } from "../common/core/error-words.ts";
import { NotFoundError } from "../common/core/errors.ts";
import { ExportTooLargeError } from "../common/core/exports/export-too-large-error.ts";
import { LeaseLostError } from "../common/core/exports/lease-lost-error.ts";
import { UploadGoneError } from "../common/core/exports/upload-gone-error.ts";
import type { Deps } from "./deps.ts";

/** A pass that failed. */
export interface FailedPass {
  /** Deliveries so far, this one counted. */
  readonly receiveCount: number;
  /** The lease that it had, as of now. */
  readonly lease: () => LeasedExport;
  /** What its log lines carry. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What the user reads of an export that no further attempt can write. Undefined for other failures. */
const finalWords = (error: unknown): string | undefined => {
  if (error instanceof NotFoundError) return "The catalog was deleted before its export was written.";
  return error instanceof ExportTooLargeError ? error.message : undefined;
};

/**
 * Leaves the export of a pass that failed so that another pass can continue it. Resolves when the message is done.
 * @throws the failure, when the message must come back
 */
export const handleFailure = async (deps: Deps, pass: FailedPass, error: unknown): Promise<void> => {
  const { receiveCount, lease, fields } = pass;
  if (error instanceof LeaseLostError) {
    deps.log.warn("the lease of an export was lost", { ...fields, is_cared_for: error.isCaredFor });
    if (error.isCaredFor) return;
    throw error;
  }
  try {
    const words = finalWords(error);
    if (words !== undefined) {
      deps.log.warn("an export can never be written", { ...fields, error: errorWords(error) });
      await deps.exports.fail(lease(), words);
      return;
    }
    if (receiveCount >= deps.maxReceiveCount) {
      await deps.exports.fail(lease(), "The export could not be written; ask for it again in a while.");
    } else if (error instanceof UploadGoneError) await deps.exports.restart(lease());
    else await deps.exports.release(lease());
  } catch (second) {
    if (second instanceof LeaseLostError && second.isCaredFor) {
      deps.log.warn("the lease of an export was lost", { ...fields, is_cared_for: true, error: errorWords(error) });
      return;
    }
    // The lease then ends by itself, and the message comes back later than that.
    deps.log.warn("the lease of an export was not given back", { ...fields, error: errorWords(second) });
  }
  throw error;
};
