import type { CatalogRow } from "../common/core/catalogs/catalog-row.ts";
import { attemptsUsedUp, MAX_INGEST_ATTEMPTS, nextIngestAttemptMs } from "../common/core/catalogs/ingest-attempts.ts";
import { UPLOAD_DAYS, UPLOAD_RECHECK_MS, UPLOAD_WAIT_MS } from "../common/core/catalogs/upload-object.ts";
import { isoTime } from "../common/core/clock.ts";
import { HOUR_MS } from "../common/core/durations.ts";
import { METRICS } from "../common/core/metric-names.ts";
import type { Deps } from "./deps.ts";
import type { Faults } from "./faults.ts";

/** Overdue uploads handled a minute; the rest follow in the next. */
const UPLOADS_PER_PASS = 100;

const NEVER_CAME = `No file was uploaded within ${UPLOAD_WAIT_MS / HOUR_MS} h. Start the upload again.`;
const GONE = `The uploaded file is no longer there: files are kept for ${UPLOAD_DAYS} days. Upload it again.`;
/** @param correlationId finds the log lines of the checks in which nobody could read it */
const neverRead = (correlationId: string): string =>
  `The file could not be read in the ${UPLOAD_DAYS} days that files are kept, though nothing in it is known to be wrong. Upload it again; if that fails too, ask for help with correlation id ${correlationId}.`;

/** What one pass did about uploads, for the log. */
export interface UploadsReport {
  uploads_resent: number;
  uploads_given_up: number;
}

type UploadDeps = Pick<Deps, "uploads" | "ingestQueue" | "objects" | "clock" | "log" | "meter">;

const giveUp = async (deps: UploadDeps, row: CatalogRow, failure: string, report: UploadsReport): Promise<void> => {
  if (!(await deps.uploads.giveUp(row, failure))) return;
  report.uploads_given_up += 1;
  deps.log.warn("an upload was given up", {
    catalog_id: row.catalog_id,
    correlation_id: row.upload?.correlation_id,
    failure,
  });
  // Nobody reads it any more: neither the file stays nor what its readers wrote before they died.
  await deps.objects.remove(row);
};

/** The row first: if we die before the message goes, the row is overdue again later. */
const resend = async (deps: UploadDeps, row: CatalogRow, dueAtMs: number, report: UploadsReport): Promise<void> => {
  if (!(await deps.uploads.postpone(row, isoTime(dueAtMs)))) return;
  await deps.ingestQueue.send(row.catalog_id);
  report.uploads_resent += 1;
};

/**
 * Checks every hour for files that are awaited, since an event may be lost or meet an outage, ends uploads whose file did
 * not come within 24 h, and resends the messages of files whose reader died. Nothing ends for want of its file before the
 * list says that there is none. Safe to run at any time and by many at once.
 */
export const reconcileUploads = async (deps: UploadDeps, faults: Faults, report: UploadsReport): Promise<void> => {
  const due = await deps.uploads.listDue(isoTime(deps.clock.now()), UPLOADS_PER_PASS, ({ error, ...row }) =>
    faults.note("an overdue upload cannot be read", row, error),
  );
  await faults.each(
    "an overdue upload cannot be handled",
    due,
    ({ catalog_id, upload }) => ({ catalog_id, correlation_id: upload?.correlation_id }),
    (row) => reconcileUpload(deps, row, report),
  );
};

const reconcileUpload = (deps: UploadDeps, row: CatalogRow, report: UploadsReport): Promise<void> =>
  row.state === "awaiting_upload" ? findFile(deps, row, report) : resendReading(deps, row, report);

const correlationOf = (row: CatalogRow): string => row.upload?.correlation_id ?? row.catalog_id;

const findFile = async (deps: UploadDeps, row: CatalogRow, report: UploadsReport): Promise<void> => {
  const nowMs = deps.clock.now();
  const endsMs = Date.parse(row.created_at) + UPLOAD_WAIT_MS;
  if (nowMs < endsMs) {
    await resend(deps, row, Math.min(nowMs + UPLOAD_RECHECK_MS, endsMs), report);
  } else if (await deps.objects.hasUpload(row.catalog_id)) {
    // It came, and nobody could even begin to read it. The bucket forgets it after 7 days, which ends this.
    deps.log.warn("an uploaded file is still not read", {
      catalog_id: row.catalog_id,
      correlation_id: row.upload?.correlation_id,
    });
    deps.meter.count(METRICS.STUCK_WORK, 1);
    await resend(deps, row, nowMs + UPLOAD_RECHECK_MS, report);
  } else {
    // A check after the end is only due when the one before found the file.
    const wasThere = Date.parse(row.due_at ?? row.created_at) > endsMs;
    await giveUp(deps, row, wasThere ? neverRead(correlationOf(row)) : NEVER_CAME, report);
  }
};

const resendReading = async (deps: UploadDeps, row: CatalogRow, report: UploadsReport): Promise<void> => {
  const attempt = row.ingest?.attempt ?? 0;
  if (attempt >= MAX_INGEST_ATTEMPTS) {
    deps.meter.count(METRICS.STUCK_WORK, 1);
    await giveUp(deps, row, attemptsUsedUp(correlationOf(row)), report);
  } else if (await deps.objects.hasUpload(row.catalog_id)) {
    await resend(deps, row, deps.clock.now() + nextIngestAttemptMs(attempt + 1), report);
  } else {
    await giveUp(deps, row, GONE, report);
  }
};
