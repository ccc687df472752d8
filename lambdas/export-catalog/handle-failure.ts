import type { LeasedExport } from "../adapters/dynamodb/operations/export-store.ts";
import { NotFoundError } from "../core/errors.ts";
import { ExportTooLargeError } from "../core/exports/export-too-large-error.ts";
import { LeaseLostError } from "../core/exports/lease-lost-error.ts";
import { UploadGoneError } from "../core/exports/upload-gone-error.ts";
import { type DeliveryResult, DONE } from "./delivery.ts";
import type { Deps } from "./deps.ts";

/** Wait after a turn that failed, more with every delivery. */
const SOON_SECONDS = 30;

/** A turn that failed. */
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

/** Says of a failed turn whether the message must come back, and leaves the export so that it can be gone on with. */
export const handleFailure = async (deps: Deps, turn: FailedPass, error: unknown): Promise<DeliveryResult> => {
  const { receiveCount, lease, fields } = turn;
  const again: DeliveryResult = { kind: "again", seconds: SOON_SECONDS * receiveCount };
  if (error instanceof LeaseLostError) {
    deps.log.warn("the lease of an export was lost", { ...fields, is_cared_for: error.isCaredFor });
    return error.isCaredFor ? DONE : again;
  }
  try {
    const words = finalWords(error);
    if (words !== undefined) {
      deps.log.warn("an export can never be written", { ...fields, error: String(error) });
      await deps.exports.fail(lease(), words);
      return DONE;
    }
    const stack = error instanceof Error ? (error.stack ?? "") : String(error);
    deps.log.error("an export stopped", { ...fields, error: stack });
    if (receiveCount >= deps.maxReceiveCount) {
      await deps.exports.fail(lease(), "The export could not be written; ask for it again in a while.");
    } else if (error instanceof UploadGoneError) await deps.exports.restart(lease());
    else await deps.exports.release(lease());
  } catch (second) {
    if (second instanceof LeaseLostError && second.isCaredFor) return DONE;
    // The lease then ends by itself, and the message comes back later than that.
    deps.log.warn("the lease of an export was not given back", { ...fields, error: String(second) });
  }
  return again;
};
