import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { ContentCountStore } from "../../../../../lambdas/common/adapters/dynamodb/content-ends/content-counts.ts";
import { ContentEnds } from "../../../../../lambdas/common/adapters/dynamodb/content-ends/content-ends.ts";
import { Revocations } from "../../../../../lambdas/common/adapters/dynamodb/content-ends/revocations.ts";
import { SweptCounts } from "../../../../../lambdas/common/adapters/dynamodb/content-ends/swept-counts.ts";
import { BatchRowStore } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/batch-row-store.ts";
import { CatalogStore } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/catalog-store.ts";
import { DeletedCatalogs } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/deleted-catalogs.ts";
import { DispatchClaims } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/dispatch-claims.ts";
import { OrphanedRows } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/orphaned-rows.ts";
import { OutcomeRecorder } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/outcome-recorder.ts";
import { RunStore } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/run-store.ts";
import { RunSwitch } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/run-switch.ts";
import { UploadRows } from "../../../../../lambdas/common/adapters/dynamodb/enrichment-status/upload-rows.ts";
import { FailureStore } from "../../../../../lambdas/common/adapters/dynamodb/failures/failure-store.ts";
import { ShopOverrides } from "../../../../../lambdas/common/adapters/dynamodb/marketplaces/shop-overrides.ts";
import { DryRunRows } from "../../../../../lambdas/common/adapters/dynamodb/operations/dry-run-rows.ts";
import { ExportStore } from "../../../../../lambdas/common/adapters/dynamodb/operations/export-store.ts";
import { ReadingSlots } from "../../../../../lambdas/common/adapters/dynamodb/operations/reading-slots.ts";
import { EndedProducts } from "../../../../../lambdas/common/adapters/dynamodb/products/ended-products.ts";
import { ProductStore } from "../../../../../lambdas/common/adapters/dynamodb/products/product-store.ts";
import { DynamoCacheCounters } from "../../../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-cache-counters.ts";
import { DynamoSecretVersions } from "../../../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-secret-versions.ts";
import { DynamoSourceCounters } from "../../../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-source-counters.ts";
import { DynamoTokenCache } from "../../../../../lambdas/common/adapters/dynamodb/upstream-limits/dynamo-token-cache.ts";
import { firstCheckpoint, newExportJob } from "../../../../../lambdas/common/core/exports/export-job.ts";
import { newCensus } from "../../../../../lambdas/common/core/licences/revocations/census.ts";
import { newRevocation } from "../../../../../lambdas/common/core/licences/revocations/revocation.ts";
import { aProduct } from "../../../../helpers/products.ts";
import { rightsAt } from "../../../../helpers/rights.ts";
import { aBatch, aCatalog, aRun, NOON } from "../../../../helpers/rows.ts";
import { silentLog } from "../../../../helpers/silent.ts";
import { anAwaited, anOrder, CATALOG_ID } from "../../../ingest-catalog/fake-deps.ts";

const iso = (ms = 0): string => new Date(NOON + ms).toISOString();
const NOW = iso();
const LATER = iso(90_000);
const clock = { now: () => NOON, sleep: async () => {} };

/** Rows by table. */
export type Seeds = Partial<
  Record<
    "status" | "operations" | "products" | "failures" | "limits" | "content-ends" | "marketplaces",
    readonly object[]
  >
>;
/** Rows that are there before, and a write to them. */
export interface WriteCase {
  readonly seeds?: Seeds;
  readonly write: (client: DynamoDBDocumentClient) => Promise<unknown>;
}

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
const failure = {
  ...{ tracking_id: "enrich_cat_1_1", product_key: "p1", catalog_id: "cat_1", batch_id: batch.batch_id },
  ...{ error_code: "NotFound", source: null, raw_code: "x", message: "words", attempts: 0, failed_at: NOW },
};
const failed = { failures: [{ ...failure, first_seen_at: NOW }] };
const exportId = "exp_0123456789abcdef";
const job = newExportJob({
  ...{ export_id: exportId, catalog_id: "cat_1", user_id: "user-1", tracking_id: null, format: "csv", row_state: null },
  ...{ total_rows: 3, correlation_id: "corr-1", file_name: "spring.csv", nowMs: NOON },
});
const held = { operations: [{ ...job, state: "running", lease_owner: "w", lease_until: LATER }] };
const revocation = newRevocation({ revocation_id: "rev_0123456789abcdef", source: "keepa", requested_by: "op" }, NOON);
const anEndedProduct = { ...aProduct(), product_key: aProduct().product_id };
const lease = { export_id: exportId, owner: "w", now: NOW };
const slot = { user_id: "user-1", reader: "reader-1" };
const aSlot = { operation_key: "reading#user-1", readers: { "reader-1": NOW }, version: 1, expires_at: 1 };
const table = (documentClient: DynamoDBDocumentClient) => ({ documentClient, tableName: "limits", clock });

/** Writes by adapter file, at least as many as the file has commands that write. */
export const WRITE_CASES: Readonly<Record<string, Readonly<Record<string, WriteCase>>>> = {
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
  "failures/failure-store.ts": {
    saveMany: { write: (c) => new FailureStore(c, "failures").saveMany([failure]) },
    close: { seeds: failed, write: (c) => new FailureStore(c, "failures").close("enrich_cat_1_1", ["p1"], NOW) },
    markRetrying: {
      seeds: failed,
      write: (c) => new FailureStore(c, "failures").markRetrying("enrich_cat_1_1", ["p1"], NOW),
    },
    removeSome: { seeds: failed, write: (c) => new FailureStore(c, "failures").removeSome("enrich_cat_1_1", 1) },
  },
  "operations/dry-run-rows.ts": {
    create: {
      write: (c) =>
        new DryRunRows(c, "operations").create({
          ...{ operation_key: "dry-run#cat_1", dry_run_id: CATALOG_ID, owner_id: "user-1", created_at: NOW },
          ...{ marketplace, order: anOrder(), result: null, failure: null, expires_at: 1 },
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
  "content-ends/content-ends.ts": {
    note: {
      write: (c) =>
        new ContentEnds(c, "content-ends", { now: () => NOON }).note([
          { endsAtMs: NOON + 1, content: { kind: "products", product_keys: ["p1"] } },
        ]),
    },
    saveSweep: {
      write: (c) =>
        new ContentEnds(c, "content-ends", { now: () => NOON }).saveSweep({
          ...{ place: NOW, raw_swept_at: null, table_after: null, table_swept_at: null },
        }),
    },
  },
  "content-ends/content-counts.ts": {
    request: { write: (c) => new ContentCountStore(c, "content-ends").request(NOW) },
    save: {
      write: (c) =>
        new ContentCountStore(c, "content-ends").save(
          { requested_at: null, running: null, last: null, version: 0 },
          { running: newCensus(NOW), last: null },
        ),
    },
  },
  "content-ends/revocations.ts": {
    create: { write: (c) => new Revocations(c, "content-ends", clock).create(revocation) },
    advance: {
      seeds: { "content-ends": [{ ends_hour: "revocations", ends_at_id: revocation.revocation_id, ...revocation }] },
      write: (c) => new Revocations(c, "content-ends", clock).advance({ ...revocation, products_read: 7 }, LATER),
    },
  },
  "content-ends/swept-counts.ts": {
    add: {
      seeds: {
        "content-ends": [{ ends_hour: "swept", ends_at_id: "keepa", fields: 4, since: NOW, last_call: "another" }],
      },
      write: (c) => new SweptCounts(c, "content-ends").add("keepa", { fields: 3, raw_answers: 1 }, LATER),
    },
  },
  "marketplaces/shop-overrides.ts": {
    put: {
      write: (c) =>
        new ShopOverrides(c, "marketplaces", clock).put({
          ...{ code: marketplace, enabled: false, partner_tag: null, updated_at: NOW, updated_by: "op" },
        }),
    },
  },
  "products/ended-products.ts": {
    sweep: {
      seeds: { products: [anEndedProduct] },
      write: (c) =>
        new EndedProducts(
          c,
          "products",
          rightsAt(() => NOON + 86_400_000),
        ).sweep([anEndedProduct.product_key]),
    },
    removeUnreadable: {
      seeds: { products: [{ ...anEndedProduct, title: 7 }] },
      write: (c) => new EndedProducts(c, "products", rightsAt()).sweep([anEndedProduct.product_key]),
    },
  },
  "products/product-store.ts": {
    rememberNotFound: {
      write: (c) => new ProductStore(c, "products", rightsAt(), silentLog).rememberNotFound("p1", ["keepa"], LATER),
    },
    saveMany: {
      write: (c) =>
        new ProductStore(c, "products", rightsAt(), silentLog).saveMany([
          { product: aProduct(), raw_keys: [], refresh_until: null },
        ]),
    },
  },
  "upstream-limits/add-to-counters.ts": {
    cache: { write: (c) => new DynamoCacheCounters(table(c)).count({ lookups: 3, hits: 1 }) },
    source: {
      seeds: { limits: [{ limit_key: `usage#keepa#${NOW.slice(0, 13)}`, requests: 4, last_call: "another" }] },
      write: (c) => new DynamoSourceCounters(table(c)).count("keepa", [{ outcome: "success", latencyMs: 10 }]),
    },
  },
  "upstream-limits/dynamo-limit-store.ts": {
    // A slot is spent twice, which can never free one: see the store.
  },
  "upstream-limits/dynamo-secret-versions.ts": {
    note: { write: (c) => new DynamoSecretVersions(table(c)).note("keepa#me", "v2") },
  },
  "upstream-limits/dynamo-token-cache.ts": {
    put: { write: (c) => new DynamoTokenCache(table(c)).put("keepa", "token", NOON + 1) },
    drop: {
      seeds: { limits: [{ limit_key: "token#keepa" }] },
      write: (c) => new DynamoTokenCache(table(c)).drop("keepa"),
    },
  },
};
