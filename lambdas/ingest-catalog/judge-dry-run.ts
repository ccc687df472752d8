import { DRY_RUN_SAMPLE_KEYS, type DryRunRow } from "../core/dry-run.ts";
import { NotFoundError, ValidationError } from "../core/errors.ts";
import { UPLOAD_LIMITS } from "../core/ingest/ingest-limits.ts";
import { attemptsUsedUp, MOST_DRY_RUN_DELIVERIES } from "../core/ingest-attempts.ts";
import { productKey } from "../core/product-key.ts";
import { uploadKey } from "../core/upload-object.ts";
import type { Deps } from "./deps.ts";
import { failureWords } from "./failure-words.ts";
import { noValidProducts } from "./no-valid-products.ts";

/**
 * Judges the file of a dry run and keeps nothing but the report. Safe to repeat: the same file gives the same report.
 * A fault that lasts to the last delivery ends it with words, because its client asks until it has ended.
 * @param delivery which delivery of its message this is, from 1
 * @throws TransientError and bugs
 */
export const judgeDryRun = async (deps: Deps, row: DryRunRow, delivery: number): Promise<void> => {
  if (row.result || row.failure !== null) return;
  try {
    await judge(deps, row);
  } catch (error) {
    if (delivery >= MOST_DRY_RUN_DELIVERIES) {
      const failure = attemptsUsedUp(row.order.correlation_id, MOST_DRY_RUN_DELIVERIES);
      await deps.dryRuns.finish(row.dry_run_id, { result: null, failure });
    }
    throw error;
  }
};

const judge = async (deps: Deps, row: DryRunRow): Promise<void> => {
  const upload = await deps.uploads.open(uploadKey(row.dry_run_id)).catch((error: unknown) => {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  });
  if (!upload) return;
  const sink = deps.openSampler(DRY_RUN_SAMPLE_KEYS);
  const { content_type, file_name } = row.order;
  try {
    const report = await deps.ingest(
      { body: upload.body, content_type, file_name, marketplace: row.marketplace, limits: UPLOAD_LIMITS },
      sink,
    );
    if (report.rows.valid === 0) throw noValidProducts(report);
    const sampled = sink.sampled();
    const result = {
      rows: report.rows,
      segments: report.segments.map(({ marketplace, products }) => ({ marketplace, products })),
      rejects: report.rejects,
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
