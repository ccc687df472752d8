import type { CatalogRow } from "../common/core/catalogs/catalog-row.ts";
import type { CatalogFileRow } from "../common/core/catalogs/ingest/catalog-files.ts";
import { earlier, isoTime } from "../common/core/clock.ts";
import { errorWords } from "../common/core/error-words.ts";
import { NotFoundError } from "../common/core/errors.ts";
import { enrichmentCells } from "../common/core/exports/enrichment-cells.ts";
import {
  type ExportCheckpoint,
  type ExportJob,
  firstCheckpoint,
  revokedIn,
} from "../common/core/exports/export-job.ts";
import { rowWriter } from "../common/core/exports/row-writer.ts";
import { UploadGoneError } from "../common/core/exports/upload-gone-error.ts";
import type { Deps } from "./deps.ts";
import { resumeExportBody } from "./export-body.ts";
import { type PageContext, writePage } from "./export-pages.ts";
import { RowFile } from "./row-file.ts";
import { RunOutcomes } from "./run-outcomes.ts";

/** Rows that are joined together, and bytes after which a page ends before; with their products a few megabytes. */
const PAGE = { rows: 1_000, bytes: 1024 * 1024 };
/** A row without anything of its own. */
const BLANK_ROW: CatalogFileRow = { line: 1, verdict: "duplicate", cells: [] };
/** Rows after which progress is recorded although no part is full, as when only a rare state is wanted. */
const ROWS_PER_CHECKPOINT = 50_000;

/** How long pieces beside the file may stay. */
const PIECES_MS = 24 * 3_600_000;

/** One pass of a worker over an export. */
export interface ExportPass {
  readonly job: ExportJob;
  /** Holder of the lease. */
  readonly owner: string;
  /** False once it is time to let another pass continue. */
  readonly mayContinue: () => boolean;
}

/** `paused`: the checkpoint is recorded, another pass must continue. */
export type PassResult = { readonly kind: "finished" | "paused"; readonly rows_written: number };

/**
 * Works on an export until it is done or the pass is over. Every pass advances by a page at least.
 * @throws NotFoundError when the catalog is gone
 * @throws LeaseLostError
 * @throws UploadGoneError when the export must begin again
 * @throws ExportTooLargeError when it can never be written
 * @throws TransientError when a store does not answer
 */
export const writeExport = async (deps: Deps, pass: ExportPass): Promise<PassResult> => {
  const { job } = pass;
  const catalog = await deps.catalogs.getCatalog(job.catalog_id, job.user_id);
  const rowsKey = catalog.rows_key;
  if (rowsKey === null) throw new NotFoundError("the catalog has no rows");
  let checkpoint = job.checkpoint ?? firstCheckpoint(job.format);
  await refuseRevoked(deps, checkpoint);
  if (checkpoint.phase === "measure") {
    const measured = await measure(deps, pass, rowsKey, checkpoint);
    if (!measured) return { kind: "paused", rows_written: 0 };
    checkpoint = measured;
  }
  if (checkpoint.phase === "write") {
    const written = await write(deps, pass, { ...catalog, rows_key: rowsKey }, checkpoint);
    if (!written.isDone) return { kind: "paused", rows_written: written.checkpoint.rows_written };
    checkpoint = written.checkpoint;
  }
  if (checkpoint.upload_id !== null) {
    await refuseRevoked(deps, checkpoint);
    await noteEnd(deps, job, checkpoint.valid_until ?? null);
    await deps.objects.completeUpload(job.object_key, checkpoint.upload_id, checkpoint.parts);
  }
  await deps.exports.finish(leaseOf(deps, pass), checkpoint);
  // Not before: until the row says that it is ready, another worker may have to continue from this piece.
  await forgetTail(deps, checkpoint.tail, null);
  return { kind: "finished", rows_written: checkpoint.rows_written };
};

/** What was written before a source was revoked may show fields of it: it is thrown away, and the export begins again. */
const refuseRevoked = async (deps: Deps, written: Pick<ExportCheckpoint, "sources" | "rows_read">): Promise<void> => {
  if (written.rows_read === 0) return;
  const source = revokedIn(written, await deps.revoked());
  if (source !== undefined) throw new UploadGoneError(`${source} was revoked while the export was being written`);
};

/** Before the file is there, as it must not stay without it. */
const noteEnd = async (deps: Deps, { object_key }: ExportJob, validUntil: string | null): Promise<void> => {
  if (validUntil === null) return;
  await deps.ends.note([{ endsAtMs: Date.parse(validUntil), content: { kind: "export", object_key } }]);
};

/** Parts and pieces that a stopped export leaves hold content too; none of them is needed a day later. */
const notePieces = async (deps: Deps, { object_key }: ExportJob): Promise<void> => {
  const endsAtMs = deps.clock.now() + PIECES_MS;
  await deps.ends.note([{ endsAtMs, content: { kind: "export-pieces", object_key } }]);
};

const leaseOf = (deps: Deps, { job, owner }: ExportPass) => ({
  export_id: job.export_id,
  owner,
  now: isoTime(deps.clock.now()),
});

const openRows = (deps: Deps, rowsKey: string, offset: number): RowFile =>
  new RowFile((from, bytes) => deps.objects.readRange(rowsKey, from, bytes), offset);

/** Finds the widest row. Undefined when the pass is over before the end. */
const measure = async (
  deps: Deps,
  pass: ExportPass,
  rowsKey: string,
  from: ExportCheckpoint,
): Promise<ExportCheckpoint | undefined> => {
  const file = openRows(deps, rowsKey, from.offset);
  let { width } = from;
  for (;;) {
    const rows = await file.next({ ...PAGE, addedBytes: 0 });
    if (rows.length === 0) return { ...firstCheckpoint(pass.job.format), phase: "write", width };
    for (const { cells } of rows) width = Math.max(width, cells.length);
    if (!pass.mayContinue()) {
      await deps.exports.saveCheckpoint(leaseOf(deps, pass), { ...from, offset: file.offset, width });
      return undefined;
    }
  }
};

/** Writes rows from the checkpoint on. */
const write = async (
  deps: Deps,
  pass: ExportPass,
  catalog: CatalogRow & { readonly rows_key: string },
  from: ExportCheckpoint,
): Promise<{ readonly isDone: boolean; readonly checkpoint: ExportCheckpoint }> => {
  const { job } = pass;
  const writer = rowWriter(job.format, catalog.columns, from.width);
  const place = { key: job.object_key, contentType: writer.contentType, partBytes: deps.partBytes };
  const body = await resumeExportBody(deps.objects, place, from);
  if (from.rows_read === 0) body.add(writer.head);
  const context = await pageContext(deps, job, writer, from);
  if (from.rows_read === 0) await notePieces(deps, job);
  const file = openRows(deps, catalog.rows_key, from.offset);
  // Keys of a JSON line are repeated with every row, 64 KB of them at worst.
  const page = {
    ...PAGE,
    addedBytes: Buffer.byteLength(writer.line([], enrichmentCells(BLANK_ROW, undefined, undefined))),
  };
  let { rows_read, rows_written, valid_until = null } = from;
  // A checkpoint of before has no list, and nobody knows what it holds.
  const sources = from.sources === undefined && from.rows_read > 0 ? undefined : new Set(from.sources);
  let saved = from;

  const record = async (phase: ExportCheckpoint["phase"]): Promise<void> => {
    const next: ExportCheckpoint = {
      phase,
      offset: file.offset,
      rows_read,
      rows_written,
      width: from.width,
      products: Object.fromEntries(context.passed),
      valid_until,
      ...(sources === undefined ? {} : { sources: [...sources] }),
      ...body.written,
    };
    await deps.exports.saveCheckpoint(leaseOf(deps, pass), next);
    await forgetTail(deps, saved.tail, next.tail);
    saved = next;
  };

  for (;;) {
    const rows = await file.next(page);
    if (rows.length === 0) break;
    const written = await writePage(context, rows);
    body.add(written.text);
    rows_read += rows.length;
    rows_written += written.rows;
    valid_until = earlier(valid_until, written.validUntil);
    for (const source of written.sources) sources?.add(source);
    const mustStop = !pass.mayContinue();
    if (body.isFull) {
      await body.cut();
      await record("write");
    } else if (mustStop || rows_read - saved.rows_read >= ROWS_PER_CHECKPOINT) {
      await body.park(`${pass.owner}-${rows_read}`);
      await record("write");
    }
    if (mustStop) return { isDone: false, checkpoint: saved };
  }
  if (body.isSmall) {
    const whole = { ...saved, rows_read, rows_written, valid_until, ...(sources ? { sources: [...sources] } : {}) };
    await refuseRevoked(deps, whole);
    await noteEnd(deps, job, valid_until);
    await body.putWhole();
    return { isDone: true, checkpoint: whole };
  }
  await body.cutLast();
  await record("complete");
  return { isDone: true, checkpoint: saved };
};

const pageContext = async (
  deps: Deps,
  job: ExportJob,
  writer: PageContext["writer"],
  from: ExportCheckpoint,
): Promise<PageContext> => {
  const trackingId = job.tracking_id;
  const run = trackingId === null ? undefined : await deps.runs.getRun(job.catalog_id, trackingId);
  return {
    products: deps.products,
    outcomes: new RunOutcomes(run, (first, last) =>
      trackingId === null ? Promise.resolve([]) : deps.batches.read(job.catalog_id, trackingId, first, last),
    ),
    writer,
    rowState: job.row_state,
    licences: deps.licences,
    publicOnly: job.public ?? false,
    passed: new Map(Object.entries(from.products)),
  };
};

/** Removes a tail that no checkpoint names any more. What stays after a failure ends with the bucket's lifecycle. */
const forgetTail = async (deps: Deps, before: string | null, now: string | null): Promise<void> => {
  if (before === null || before === now) return;
  try {
    await deps.objects.remove(before);
  } catch (error) {
    deps.log.warn("a parked piece of an export stays until the bucket forgets it", {
      key: before,
      error: errorWords(error),
    });
  }
};
