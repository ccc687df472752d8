import { isoTime } from "../core/clock.ts";
import { attemptsUsedUp, MOST_INGEST_ATTEMPTS, nextIngestAttemptMs } from "../core/ingest-attempts.ts";
import { METRICS } from "../core/metric-names.ts";
import type { CatalogRow } from "../core/status-rows.ts";
import { UPLOAD_WAIT_MS } from "../core/upload-object.ts";
import type { Deps } from "./deps.ts";
import type { Faults } from "./faults.ts";

/** Overdue uploads handled a minute; the rest follow in the next. */
const A_PASS = 100;

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
 * Ends uploads whose file did not come within 24 h, looks once before that for a file whose event was lost, and wakes
 * the reading of files whose reader died. Safe to run at any time and by many at once.
 */
export const reconcileUploads = async (deps: UploadDeps, faults: Faults, report: UploadsReport): Promise<void> => {
  const due = await deps.uploads.listDue(isoTime(deps.clock.now()), A_PASS, ({ error, ...row }) =>
    faults.note("an overdue upload cannot be read", row, error),
  );
  await faults.each(
    "an overdue upload cannot be handled",
    due,
    ({ catalog_id, upload }) => ({ catalog_id, correlation_id: upload?.correlation_id }),
    (row) => reconcileUpload(deps, row, report),
  );
};

const reconcileUpload = async (deps: UploadDeps, row: CatalogRow, report: UploadsReport): Promise<void> => {
  const nowMs = deps.clock.now();
  const endsMs = Date.parse(row.created_at) + UPLOAD_WAIT_MS;
  const attempt = row.ingest?.attempt ?? 0;
  if (row.state === "awaiting_upload" && nowMs < endsMs) await resend(deps, row, endsMs, report);
  else if (row.state === "awaiting_upload") {
    await giveUp(deps, row, "No file was uploaded within 24 h. Start the upload again.", report);
  } else if (attempt < MOST_INGEST_ATTEMPTS) {
    await resend(deps, row, nowMs + nextIngestAttemptMs(attempt + 1), report);
  } else {
    deps.meter.count(METRICS.STUCK_WORK, 1);
    await giveUp(deps, row, attemptsUsedUp(row.upload?.correlation_id ?? row.catalog_id), report);
  }
};
