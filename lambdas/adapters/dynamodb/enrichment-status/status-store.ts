import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { BatchRow } from "../../../core/batches/batch-row.ts";
import type { CatalogRow } from "../../../core/catalogs/catalog-row.ts";
import type { RunRow } from "../../../core/runs/run-row.ts";
import type { Page, PageRequest } from "../../../platform/page-cursor.ts";
import type { AnswerWrite } from "../operations/committed-answers.ts";
import { CatalogRows } from "./catalog-rows.ts";
import type { ContentClaim } from "./content-claims.ts";
import { DeletedRows } from "./deleted-rows.ts";
import { RunRows } from "./run-rows.ts";
import type { OnUnreadable } from "./unreadable-row.ts";

/** Catalog and run rows of `enrichment-status`. Batch rows change through `BatchRowStore` and `OutcomeRecorder`. */
export class StatusStore {
  readonly #catalogs: CatalogRows;
  readonly #runs: RunRows;
  readonly #deleted: DeletedRows;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#runs = new RunRows(client, tableName);
    this.#catalogs = new CatalogRows(client, tableName, this.#runs);
    this.#deleted = new DeletedRows(client, tableName);
  }

  /**
   * Writes a new catalog.
   * @param kept the answer to the request, written with it
   * @throws DuplicateError when the id is taken
   * @throws ConflictError `idempotency_in_progress` when the same request was faster
   */
  createCatalog(row: CatalogRow, kept?: AnswerWrite): Promise<void> {
    return this.#catalogs.createCatalog(row, kept);
  }

  /**
   * Writes a new catalog together with its first run and the claim on its content: all or nothing.
   * @param kept the answer to the request, written with them
   * @throws DuplicateError when an id is taken
   * @throws ConflictError `duplicate_upload` when another upload of the same content was faster, and
   * `idempotency_in_progress` when the same request was
   */
  createCatalogWithRun(row: CatalogRow, run: RunRow, content?: ContentClaim, kept?: AnswerWrite): Promise<void> {
    return this.#catalogs.createCatalogWithRun(row, run, content, kept);
  }

  /**
   * Reads a catalog of this user.
   * @throws NotFoundError when there is none, it is deleted, or it is somebody else's.
   */
  getCatalog(catalogId: string, userId: string): Promise<CatalogRow> {
    return this.#catalogs.getCatalog(catalogId, userId);
  }

  /** A user's catalogs, newest first, each with its newest run if it has one. */
  listCatalogs(userId: string, page: PageRequest): Promise<Page<{ catalog: CatalogRow; run: RunRow | undefined }>> {
    return this.#catalogs.listCatalogs(userId, page);
  }

  /**
   * Starts a new run of a catalog: writes the run and points the catalog at it, if no other run is open.
   * @param content the claim on the catalog's content, written with it
   * @param kept the answer to the request, written with it
   * @throws ConflictError `run_active` when a run is open or another one was started meanwhile, and
   * `idempotency_in_progress` when the same request was faster
   */
  createRun(catalog: CatalogRow, run: RunRow, content?: ContentClaim, kept?: AnswerWrite): Promise<void> {
    return this.#runs.createRun(catalog, run, content, kept);
  }

  /** Reads one run, as of now. Undefined when there is none. */
  getRun(catalogId: string, trackingId: string): Promise<RunRow | undefined> {
    return this.#runs.getRun(catalogId, trackingId);
  }

  /** Reads many runs at once, by tracking id; missing ones are left out. */
  getRuns(keys: readonly { catalog_id: string; tracking_id: string }[]): Promise<Map<string, RunRow>> {
    return this.#runs.getRuns(keys);
  }

  /**
   * Every open run that can be read, oldest first. The index lags by moments, so act on what conditions confirm.
   * @param onUnreadable told of each that cannot
   */
  listOpenRuns(onUnreadable: OnUnreadable): Promise<RunRow[]> {
    return this.#runs.listOpenRuns(onUnreadable);
  }

  /**
   * Marks a catalog of this user as deleted: for the API it is gone at once. Its rows stay until `reconcile` removes
   * them, found by the `deleted` partition of the `open-runs` index.
   * @returns the row: no run can begin any more
   * @throws NotFoundError when there is none, it is deleted already, or it is somebody else's.
   */
  markDeleted(catalogId: string, userId: string, now: string): Promise<CatalogRow> {
    return this.#deleted.markDeleted(catalogId, userId, now);
  }

  /**
   * Deleted catalogs whose rows are not removed yet, oldest first, at most `limit`.
   * @param onUnreadable told of each that cannot be read, and is left out
   */
  listDeleted(limit: number, onUnreadable: OnUnreadable): Promise<CatalogRow[]> {
    return this.#deleted.listDeleted(limit, onUnreadable);
  }

  /** Keys of a catalog's rows from the last to the first, so that a run follows after its batches; at most `limit`. */
  listRowKeys(catalogId: string, limit: number): Promise<string[]> {
    return this.#deleted.listRowKeys(catalogId, limit);
  }

  /** Removes one row of a deleted catalog. Safe to repeat. */
  removeRow(catalogId: string, batchId: string): Promise<void> {
    return this.#deleted.removeRow(catalogId, batchId);
  }

  /** A run's batches written so far, in order. */
  listBatches(catalogId: string, trackingId: string, page: PageRequest): Promise<Page<BatchRow>> {
    return this.#runs.listBatches(catalogId, trackingId, page);
  }

  /**
   * Closes a run whose last product is settled. Safe to call at any time and by many at once: nothing happens
   * unless the run is open and nothing is pending.
   * @returns whether this call closed it.
   */
  closeIfDone(run: RunRow, now: string): Promise<boolean> {
    return this.#runs.closeIfDone(run, now);
  }

  /**
   * Has a run say that it waits for a source once all that was sent of it is settled or parked. Safe to call at any time
   * and by many at once: nothing happens when the run has changed since it was read.
   * @returns whether this call did it.
   */
  waitIfAllParked(run: RunRow, now: string): Promise<boolean> {
    return this.#runs.waitIfAllParked(run, now);
  }
}
