import { batchSizeFor } from "../common/core/batches/partition/batch-size.ts";
import type { CatalogRow } from "../common/core/catalogs/catalog-row.ts";
import type { CatalogSink } from "../common/core/catalogs/ingest/catalog-sink.ts";
import { UPLOAD_LIMITS } from "../common/core/catalogs/ingest/ingest-limits.ts";
import type { IngestReport } from "../common/core/catalogs/ingest/ingest-report.ts";
import { readingOptions } from "../common/core/catalogs/ingest/reading-choices.ts";
import {
  attemptsUsedUp,
  INGEST_LEASE_MS,
  MAX_INGEST_ATTEMPTS,
  nextIngestAttemptMs,
} from "../common/core/catalogs/ingest-attempts.ts";
import { attemptPrefix, uploadKey } from "../common/core/catalogs/upload-object.ts";
import type { UploadRequest } from "../common/core/catalogs/upload-request.ts";
import { isoTime } from "../common/core/clock.ts";
import { ConflictError, NotFoundError, StaleWriteError, ValidationError } from "../common/core/errors.ts";
import { newRun, trackingId } from "../common/core/runs/run.ts";
import type { RunRow } from "../common/core/runs/run-row.ts";
import { dispatchNow } from "../common/services/dispatch/dispatch-now.ts";
import type { Deps } from "./deps.ts";
import { failureWords } from "./explain-failure.ts";
import { type HideMessage, inReadingSlot, type KeepSlot } from "./in-reading-slot.ts";
import { noValidProducts } from "./no-valid-products.ts";
import { removeLeftovers } from "./remove-leftovers.ts";
import { watchReading } from "./watch-reading.ts";

const READ_BY_ANOTHER = "another attempt reads this file";

/** A catalog whose file this attempt reads. */
interface Held {
  readonly row: CatalogRow;
  readonly request: UploadRequest;
  readonly own: { readonly catalog_id: string; readonly attempt: number };
  readonly fields: Readonly<Record<string, unknown>>;
  readonly keepSlot: KeepSlot;
}

/**
 * Reads the file of a catalog, if it is there and nobody else does: afterwards the catalog is ready, with its run begun
 * when one was asked for, or has failed with the reason in words, and nothing is stored that it does not need.
 * @returns false when the file's user must wait for a slot: nothing was done
 * @throws TransientError and bugs; another attempt may then begin at once
 */
export const ingestUpload = async (deps: Deps, catalogId: string, hide: HideMessage): Promise<boolean> => {
  const seen = await deps.rows.get(catalogId);
  if (!seen || !["awaiting_upload", "ingesting"].includes(seen.state)) {
    deps.log.info("nothing to read for this message", { catalog_id: catalogId, state: seen?.state ?? "missing" });
    await removeLeftovers(deps, seen);
    return true;
  }
  if (seen.state === "ingesting" && (seen.ingest?.lease_until ?? "") > isoTime(deps.clock.now())) {
    deps.log.info(READ_BY_ANOTHER, { catalog_id: catalogId });
    return true;
  }
  return inReadingSlot(deps, { userId: seen.user_id, hide }, async (keepSlot) => {
    await readInSlot(deps, seen, keepSlot);
    await removeLeftovers(deps, await deps.rows.get(catalogId));
  });
};

const readInSlot = async (deps: Deps, seen: CatalogRow, keepSlot: KeepSlot): Promise<void> => {
  const catalogId = seen.catalog_id;
  const upload = await deps.uploads.open(uploadKey(catalogId)).catch((error: unknown) => {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  });
  // A check ahead of the file; its own event comes with it.
  if (!upload && seen.state === "awaiting_upload") return;
  try {
    const held = await take(deps, catalogId, keepSlot);
    if (!held) return;
    if (held.own.attempt > MAX_INGEST_ATTEMPTS) await fail(deps, held, attemptsUsedUp(held.request.correlation_id));
    else if (upload) await attempt(deps, held, upload.body);
    else await leaveToReconcile(deps, held);
  } finally {
    upload?.close();
  }
};

const take = async (deps: Deps, catalogId: string, keepSlot: KeepSlot): Promise<Held | undefined> => {
  const nowMs = deps.clock.now();
  const row = await deps.rows.take(catalogId, deps.newId(), isoTime(nowMs), isoTime(nowMs + INGEST_LEASE_MS));
  if (!row?.upload || !row.ingest) {
    deps.log.info(READ_BY_ANOTHER, { catalog_id: catalogId });
    return undefined;
  }
  const own = { catalog_id: catalogId, attempt: row.ingest.attempt };
  return { row, request: row.upload, own, fields: { ...own, correlation_id: row.upload.correlation_id }, keepSlot };
};

const attempt = async (deps: Deps, held: Held, body: AsyncIterable<Uint8Array>): Promise<void> => {
  const sink = deps.openSink(attemptPrefix(held.own.catalog_id, held.own.attempt));
  try {
    const report = await read(deps, held, body, sink);
    const run = await commit(deps, held, report, sink);
    deps.log.info("the file is read", { ...held.fields, products: report.rows.valid, rejected: report.rows.rejected });
    if (run) await dispatchNow(run, (one) => deps.dispatcher.topUp([one]), deps.log);
  } catch (error) {
    if (error instanceof StaleWriteError) {
      deps.log.warn("the lease was lost, another attempt continues", { ...held.fields, error: error.message });
    } else if (error instanceof ValidationError || error instanceof ConflictError) {
      await fail(deps, held, failureWords(error));
    } else {
      await release(deps, held);
      throw error;
    }
  }
};

/** Lets another attempt begin at once, and `reconcile` recheck the file later, after a longer wait each time. */
const release = async (deps: Deps, { own }: Held): Promise<void> => {
  const nowMs = deps.clock.now();
  await deps.rows.release(own, isoTime(nowMs), isoTime(nowMs + nextIngestAttemptMs(own.attempt)));
};

/**
 * A file that was there and now is not, or may not be read for the moment: S3 answers 403 for both. `reconcile` may
 * list, so it knows, and ends the catalog or starts the next attempt.
 */
const leaveToReconcile = async (deps: Deps, held: Held): Promise<void> => {
  deps.log.warn("the file is missing or may not be read, the next recheck decides", held.fields);
  await release(deps, held);
};

const read = async (deps: Deps, held: Held, body: AsyncIterable<Uint8Array>, sink: CatalogSink) => {
  const watched = watchReading(body, deps.clock, async (bytes, until) => {
    await deps.rows.progress(held.own, bytes, until);
    if (until !== undefined) await held.keepSlot();
  });
  const { content_type, file_name } = held.request;
  const input = {
    body: watched,
    contentType: content_type,
    fileName: file_name,
    marketplace: held.row.marketplace,
    limits: UPLOAD_LIMITS,
  };
  const report = await deps.ingest(input, sink, readingOptions(held.request.reading));
  if (report.rows.valid > 0) return report;
  await sink.abort();
  throw noValidProducts(report);
};

const commit = async (
  deps: Deps,
  { row, request, own }: Held,
  report: IngestReport,
  sink: CatalogSink,
): Promise<RunRow | undefined> => {
  const nowMs = deps.clock.now();
  const { rows, segments, rows_key, rejects_key, content_hash, columns, notes, bytes } = report;
  const marketplace = report.marketplace ?? row.marketplace;
  // A name that the request gave counts more than the document's, and that more than the file's.
  const name = row.name === request.file_name ? (report.name ?? row.name) : row.name;
  const noted = notes.length > 0 ? { notes } : {};
  const catalog = { name, marketplace, rows, segments, rows_key, rejects_key, content_hash, columns, ...noted };
  try {
    if (!request.enrich) {
      await deps.rows.commit(own, catalog, bytes);
      return undefined;
    }
    const content = { user_id: row.user_id, catalog_id: row.catalog_id, content_hash };
    const claim = await (request.run.force ? deps.contents.take(content, nowMs) : deps.contents.claim(content, nowMs));
    const run = newRun(
      { ...row, segments },
      {
        tracking_id: trackingId(row.catalog_id, nowMs),
        options: { ...request.run, batch_size: batchSizeFor(request.run.batch_size, rows.valid) },
        correlation_id: request.correlation_id,
        now: isoTime(nowMs),
      },
    );
    await deps.rows.commit(own, catalog, bytes, { run, content: claim });
    return run;
  } catch (error) {
    // Only what surely did not commit may be removed; after a lost answer the objects may be the catalog's.
    if (error instanceof ConflictError || error instanceof StaleWriteError) await sink.abort();
    throw error;
  }
};

const fail = async (deps: Deps, { own, fields }: Held, failure: string): Promise<void> => {
  const counts = await deps.rows.fail(own, failure);
  deps.log.warn("the catalog has failed", { ...fields, failure, recorded: counts });
};
