import { BatchRowStore } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/batch-row-store.ts";
import { CatalogStore } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/catalog-store.ts";
import { DeletedCatalogs } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/deleted-catalogs.ts";
import { DispatchClaims } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/dispatch-claims.ts";
import { OrphanedRows } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/orphaned-rows.ts";
import { OutcomeRecorder } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import { RequestCatalogs } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/request-catalogs.ts";
import { RunStore } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/run-store.ts";
import { RunSwitch } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/run-switch.ts";
import { UploadRows } from "../../../../../../lambdas/common/adapters/dynamodb/enrichment-status/upload-rows.ts";
import { RequestClaims } from "../../../../../../lambdas/common/adapters/dynamodb/operations/request-claims.ts";
import { aBatch, aCatalog, aRun, NOON } from "../../../../../helpers/rows.ts";
import { anAwaited, CATALOG_ID } from "../../../../ingest-catalog/fake-deps.ts";
import type { Seeds, WriteCases } from "./write-case.ts";

const iso = (ms = 0): string => new Date(NOON + ms).toISOString();
const NOW = iso();
const LATER = iso(90_000);
const status = (...rows: readonly object[]): Seeds => ({ status: rows });
const claim = { owner: "dispatcher", from: 1, to: 1, expires_at: LATER };
const undispatched = aRun({ dispatched: 0 });
const running = aRun({ state: "running" });
const settled = aRun({ state: "running", pending: 0, enriched: 3 });
const reason = { source: "keepa" as const, code: "daily-quota", action: "Wait.", retry_at: LATER };
const parked = aRun({ state: "running", blocked_by: [reason], parked: 3, settled: 0 });
const dropping = aRun({ state: "cancelled", dispatched: 0 });
const batch = aBatch();
const enriched = aBatch({ items: batch.items.map((item) => ({ ...item, state: "enriched", source: "keepa" })) });
const reading = anAwaited({ state: "ingesting", ingest: { attempt: 1, lease_until: LATER, bytes_read: 0 } });
const attempt = { catalog_id: CATALOG_ID, attempt: 1 };
const overdue = anAwaited({ due_at: NOW });
const { name, marketplace, rows, segments, rows_key, rejects_key, content_hash, columns } = aCatalog();
const read = { name, marketplace, rows, segments, rows_key, rejects_key, content_hash, columns };
const content = { Put: { TableName: "operations", Item: { operation_key: "content#u#h", catalog_id: CATALOG_ID } } };

/** Writes of this room of adapters. */
export const STATUS_WRITES: WriteCases = {
  "enrichment-status/batch-row-store.ts": {
    create: { write: (c) => new BatchRowStore(c, "status").create(batch).then(() => "there") },
    claim: {
      seeds: status(batch),
      write: (c) => new BatchRowStore(c, "status").claim({ ...batch, owner: "worker-1", now: NOW, lease_until: LATER }),
    },
    replace: {
      seeds: status(batch),
      write: (c) => new BatchRowStore(c, "status").replace(batch, { ...batch, generation: 2, due_at: LATER }),
    },
    release: {
      seeds: status({ ...batch, lease_owner: "w", lease_until: LATER }),
      write: (c) => new BatchRowStore(c, "status").release({ ...batch, lease_owner: "w", lease_until: LATER }),
    },
    remove: { seeds: status(batch), write: (c) => new BatchRowStore(c, "status").remove(batch) },
  },
  "enrichment-status/catalog-store.ts": {
    createCatalog: {
      write: (c) => new CatalogStore(c, "status", new RunStore(c, "status")).createCatalog(aCatalog()),
    },
    createCatalogWithRun: {
      write: (c) => new CatalogStore(c, "status", new RunStore(c, "status")).createCatalogWithRun(aCatalog(), running),
    },
  },
  "enrichment-status/request-catalogs.ts": {
    create: {
      write: (c) => {
        const request = { request_id: "r-1", retry_count: 0, product_key: "www.amazon.com#B000000001" };
        const claim = new RequestClaims(c, "operations").writeOf(request, CATALOG_ID, NOON);
        return new RequestCatalogs(c, "status").create(aCatalog(), running, [claim]);
      },
    },
  },
  "enrichment-status/deleted-catalogs.ts": {
    markDeleted: {
      seeds: status(aCatalog()),
      write: (c) => new DeletedCatalogs(c, "status").markDeleted("cat_1", "user-1", NOW),
    },
    removeRow: {
      seeds: status(batch),
      write: (c) => new DeletedCatalogs(c, "status").removeRow("cat_1", batch.batch_id),
    },
  },
  "enrichment-status/dispatch-claims.ts": {
    take: { seeds: status(undispatched), write: (c) => new DispatchClaims(c, "status").take(undispatched, claim, NOW) },
    takeOver: {
      seeds: status({ ...dropping, claim: { ...claim, owner: "dead", expires_at: iso(-1) } }),
      write: (c) =>
        new DispatchClaims(c, "status").takeOver(
          { ...dropping, claim: { ...claim, owner: "dead", expires_at: iso(-1) } },
          claim,
          NOW,
        ),
    },
    release: {
      seeds: status({ ...undispatched, claim }),
      write: (c) => new DispatchClaims(c, "status").release({ ...undispatched, claim }, claim, NOW),
    },
  },
  "enrichment-status/orphaned-rows.ts": {
    saveSweep: { write: (c) => new OrphanedRows(c, "status").saveSweep({ after: null, ended_at: NOW }) },
  },
  "enrichment-status/outcome-recorder.ts": {
    record: {
      seeds: status(running, batch),
      write: (c) =>
        new OutcomeRecorder(c, "status").record({
          ...{ run: running, changes: [{ before: batch, after: enriched }], blocked_by: [], now: NOW },
        }),
    },
    dropUnsent: { seeds: status(dropping), write: (c) => new OutcomeRecorder(c, "status").dropUnsent(dropping, NOW) },
  },
  "enrichment-status/run-store.ts": {
    createRun: {
      seeds: status(aCatalog()),
      write: (c) => new RunStore(c, "status").createRun(aCatalog(), running),
    },
    closeIfDone: { seeds: status(settled), write: (c) => new RunStore(c, "status").closeIfDone(settled, NOW) },
    waitIfAllParked: { seeds: status(parked), write: (c) => new RunStore(c, "status").waitIfAllParked(parked, NOW) },
    noteUnrecorded: {
      seeds: status(running),
      write: (c) =>
        new RunStore(c, "status").noteUnrecorded(running, { since: NOW, reason: "not_recorded", retry_at: LATER }),
    },
  },
  "enrichment-status/run-switch.ts": {
    pause: { seeds: status(running), write: (c) => new RunSwitch(c, "status").pause(running, NOW, "request-1") },
    resume: {
      seeds: status({ ...running, state: "paused" }),
      write: (c) => new RunSwitch(c, "status").resume({ ...running, state: "paused" }, NOW, "request-1"),
    },
    cancel: { seeds: status(running), write: (c) => new RunSwitch(c, "status").cancel(running, NOW, "request-1") },
  },
  "enrichment-status/upload-rows.ts": {
    take: {
      seeds: status(overdue),
      write: (c) => new UploadRows(c, "status").take(CATALOG_ID, "reader-1", NOW, LATER),
    },
    progress: { seeds: status(reading), write: (c) => new UploadRows(c, "status").progress(attempt, 10, LATER) },
    commit: {
      seeds: status(reading),
      write: (c) => new UploadRows(c, "status").commit(attempt, read, 10, { run: running, content }),
    },
    fail: { seeds: status(reading), write: (c) => new UploadRows(c, "status").fail(attempt, "why") },
    giveUp: { seeds: status(overdue), write: (c) => new UploadRows(c, "status").giveUp(overdue, "why") },
    release: { seeds: status(reading), write: (c) => new UploadRows(c, "status").release(attempt, NOW, LATER) },
    postpone: { seeds: status(overdue), write: (c) => new UploadRows(c, "status").postpone(overdue, LATER) },
  },
};
