import { DRY_RUN_SAMPLE_KEYS, type DryRunRow } from "../common/core/catalogs/dry-run.ts";
import { UPLOAD_LIMITS } from "../common/core/catalogs/ingest/ingest-limits.ts";
import { readingOptions } from "../common/core/catalogs/ingest/reading-choices.ts";
import { attemptsUsedUp, MAX_DRY_RUN_DELIVERIES } from "../common/core/catalogs/ingest-attempts.ts";
import { uploadKey } from "../common/core/catalogs/upload-object.ts";
import { errorWords } from "../common/core/error-words.ts";
import { NotFoundError, TransientError, ValidationError } from "../common/core/errors.ts";
import { productKey } from "../common/core/products/product-key.ts";
import type { Deps } from "./deps.ts";
import { failureWords } from "./explain-failure.ts";
import { type HideMessage, inReadingSlot, type KeepSlot } from "./in-reading-slot.ts";
import { noValidProducts } from "./no-valid-products.ts";
import { watchReading } from "./watch-reading.ts";

/**
 * Judges the file of a dry run and keeps nothing but the report, not even the file. Safe to repeat: the same file gives
 * the same report. A fault that lasts to the last delivery ends it with words, because its client asks until it has ended.
 * @param delivery which delivery of its message this is, from 1
 * @returns false when the file's user must wait for a slot: nothing was done
 * @throws TransientError and bugs
 */
export const judgeDryRun = async (
  deps: Deps,
  row: DryRunRow,
  delivery: number,
  hide: HideMessage,
): Promise<boolean> => {
  if (row.result || row.failure !== null) {
    await deps.objects.removeUpload(row.dry_run_id);
    return true;
  }
  const gotSlot = await inReadingSlot(deps, { userId: row.owner_id, hide }, (keepSlot) =>
    judgeOrGiveUp(deps, row, delivery, keepSlot),
  );
  if (gotSlot) await deps.objects.removeUpload(row.dry_run_id);
  return gotSlot;
};

const judgeOrGiveUp = async (deps: Deps, row: DryRunRow, delivery: number, keepSlot: KeepSlot): Promise<void> => {
  try {
    await judge(deps, row, keepSlot);
  } catch (error) {
    if (delivery >= MAX_DRY_RUN_DELIVERIES) {
      const failure = attemptsUsedUp(row.request.correlation_id, MAX_DRY_RUN_DELIVERIES);
      await deps.dryRuns.finish(row.dry_run_id, { result: null, failure });
      await deps.objects.removeUpload(row.dry_run_id).catch((second: unknown) => {
        const fields = { dry_run_id: row.dry_run_id, error: errorWords(second) };
        deps.log.warn("the file of a dry run stays until the bucket forgets it", fields);
      });
    }
    throw error;
  }
};

const judge = async (deps: Deps, row: DryRunRow, keepSlot: KeepSlot): Promise<void> => {
  const upload = await deps.uploads.open(uploadKey(row.dry_run_id)).catch((error: unknown) => {
    // It was put, else there were no message: S3 answers 403 for a missing file and for one that may not be read for now.
    if (error instanceof NotFoundError)
      throw new TransientError("the file of a dry run may not be read", { cause: error });
    throw error;
  });
  const sink = deps.openSampler(DRY_RUN_SAMPLE_KEYS);
  const { content_type, file_name } = row.request;
  const body = watchReading(upload.body, deps.clock, async (_, until) => {
    if (until !== undefined) await keepSlot();
  });
  try {
    const report = await deps.ingest(
      { body, contentType: content_type, fileName: file_name, marketplace: row.marketplace, limits: UPLOAD_LIMITS },
      sink,
      readingOptions(row.request.reading),
    );
    if (report.rows.valid === 0) throw noValidProducts(report);
    const sampled = sink.sampled();
    const result = {
      rows: report.rows,
      segments: report.segments.map(({ marketplace, products }) => ({ marketplace, products })),
      rejects: report.rejects,
      ...(report.notes.length > 0 ? { notes: report.notes } : {}),
      sample_keys: report.segments.flatMap(({ key, marketplace }) =>
        (sampled.get(key) ?? []).map((asin) => productKey(marketplace, asin)),
      ),
    };
    await deps.dryRuns.finish(row.dry_run_id, { result, failure: null });
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    await deps.dryRuns.finish(row.dry_run_id, { result: null, failure: failureWords(error) });
  } finally {
    upload.close();
  }
};
