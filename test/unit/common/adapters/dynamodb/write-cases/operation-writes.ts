import { FailingRuns } from "../../../../../../lambdas/common/adapters/dynamodb/failures/failing-runs.ts";
import { FailureGroupStore } from "../../../../../../lambdas/common/adapters/dynamodb/failures/failure-group-store.ts";
import { FailureStore } from "../../../../../../lambdas/common/adapters/dynamodb/failures/failure-store.ts";
import { ShopOverrides } from "../../../../../../lambdas/common/adapters/dynamodb/marketplaces/shop-overrides.ts";
import { DryRunRows } from "../../../../../../lambdas/common/adapters/dynamodb/operations/dry-run-rows.ts";
import { ExportStore } from "../../../../../../lambdas/common/adapters/dynamodb/operations/export-store.ts";
import { ReadingSlots } from "../../../../../../lambdas/common/adapters/dynamodb/operations/reading-slots.ts";
import { firstCheckpoint, newExportJob } from "../../../../../../lambdas/common/core/exports/export-job.ts";
import { untouched } from "../../../../../../lambdas/common/core/failures/failure-group-row.ts";
import { aBatch, aRun, NOON } from "../../../../../helpers/rows.ts";
import { anUploadRequest, CATALOG_ID } from "../../../../ingest-catalog/fake-deps.ts";
import type { WriteCases } from "./write-case.ts";

const iso = (ms = 0): string => new Date(NOON + ms).toISOString();
const NOW = iso();
const LATER = iso(90_000);
const batch = aBatch();
const failure = {
  ...{ tracking_id: "enrich_cat_1_1", product_key: "p1", catalog_id: "cat_1", batch_id: batch.batch_id },
  ...{ error_code: "NotFound", source: null, raw_code: "x", message: "words", attempts: 0, failed_at: NOW },
};
const { open_shard: _open, ...ended } = aRun({ state: "completed" });
const failed = { failures: [{ ...failure, first_seen_at: NOW }] };
const exportId = "exp_0123456789abcdef";
const job = newExportJob({
  ...{ export_id: exportId, catalog_id: "cat_1", user_id: "user-1", tracking_id: null, format: "csv", row_state: null },
  ...{ total_rows: 3, correlation_id: "corr-1", file_name: "spring.csv", nowMs: NOON },
});
const held = { operations: [{ ...job, state: "running", lease_owner: "w", lease_until: LATER }] };
const lease = { export_id: exportId, owner: "w", now: NOW };
const slot = { user_id: "user-1", reader: "reader-1" };
const aSlot = { operation_key: "reading#user-1", readers: { "reader-1": NOW }, version: 1, expires_at: 1 };

/** Writes of this room of adapters. */
export const OPERATION_WRITES: WriteCases = {
  "failures/failure-store.ts": {
    saveMany: { write: (c) => new FailureStore(c, "failures").saveMany([failure]) },
    close: { seeds: failed, write: (c) => new FailureStore(c, "failures").close("enrich_cat_1_1", ["p1"], NOW) },
    markRetrying: {
      seeds: failed,
      write: (c) => new FailureStore(c, "failures").markRetrying("enrich_cat_1_1", ["p1"], NOW),
    },
    removeSome: { seeds: failed, write: (c) => new FailureStore(c, "failures").removeSome("enrich_cat_1_1", 1) },
  },
  "failures/failing-runs.ts": {
    forget: {
      seeds: { status: [{ ...ended, failing_owner_id: "user-1" }] },
      write: (c) => new FailingRuns(c, "status", () => {}).forget(ended),
    },
  },
  "failures/failure-group-store.ts": {
    save: { write: (c) => new FailureGroupStore(c, "failures").save({ ownerId: null }, untouched("NotFound", NOW)) },
    noteTrying: {
      write: (c) => new FailureGroupStore(c, "failures").noteTrying({ reach: { ownerId: "u" }, groupId: "NotFound" }),
    },
    forgetTrying: {
      seeds: { failures: [{ tracking_id: "failure-groups#trying", product_key: "NotFound u" }] },
      write: (c) => new FailureGroupStore(c, "failures").forgetTrying({ reach: { ownerId: "u" }, groupId: "NotFound" }),
    },
  },
  "operations/dry-run-rows.ts": {
    create: {
      write: (c) =>
        new DryRunRows(c, "operations").create({
          ...{ operation_key: "dry-run#cat_1", dry_run_id: CATALOG_ID, owner_id: "user-1", created_at: NOW },
          ...{ marketplace: "www.amazon.com", request: anUploadRequest(), result: null, failure: null, expires_at: 1 },
        }),
    },
    finish: {
      seeds: { operations: [{ operation_key: "dry-run#cat_1" }] },
      write: (c) => new DryRunRows(c, "operations").finish("cat_1", { result: null, failure: "why" }),
    },
  },
  "operations/export-store.ts": {
    create: { write: (c) => new ExportStore(c, "operations").create(job) },
    claim: {
      seeds: { operations: [job] },
      write: (c) =>
        new ExportStore(c, "operations").claim({
          ...{ export_id: exportId, owner: "worker-1", now: NOW, lease_until: LATER, last_delivery: false },
        }),
    },
    giveUp: {
      seeds: { operations: [{ ...job, state: "running", lease_owner: "w", lease_until: NOW, last_delivery: true }] },
      write: (c) => new ExportStore(c, "operations").get(exportId, NOON + 86_400_000),
    },
    saveCheckpoint: {
      seeds: held,
      write: (c) => new ExportStore(c, "operations").saveCheckpoint(lease, firstCheckpoint("csv")),
    },
    restart: { seeds: held, write: (c) => new ExportStore(c, "operations").restart(lease) },
    release: { seeds: held, write: (c) => new ExportStore(c, "operations").release(lease) },
    finish: {
      seeds: held,
      write: (c) => new ExportStore(c, "operations").finish(lease, { rows_read: 3, rows_written: 3 }),
    },
    fail: { seeds: held, write: (c) => new ExportStore(c, "operations").fail(lease, "why") },
    noteRevoked: {
      seeds: held,
      write: (c) => new ExportStore(c, "operations").noteRevoked(exportId, "keepa"),
    },
  },
  "operations/reading-slots.ts": {
    begin: { write: (c) => new ReadingSlots(c, "operations", 1).begin(slot, NOON, NOON + 90_000) },
    renew: {
      seeds: { operations: [aSlot] },
      write: (c) => new ReadingSlots(c, "operations", 1).renew(slot, NOON + 90_000),
    },
    end: { seeds: { operations: [aSlot] }, write: (c) => new ReadingSlots(c, "operations", 1).end(slot) },
  },
  "marketplaces/shop-overrides.ts": {
    put: {
      write: (c) =>
        new ShopOverrides(c, "marketplaces", { now: () => NOON }).put({
          ...{ code: "www.amazon.de", enabled: false, partner_tag: null, updated_at: NOW, updated_by: "op" },
        }),
    },
  },
};
