import type { BatchItem, BatchRow } from "../../lambdas/common/core/batches/batch-row.ts";
import type { CatalogRow } from "../../lambdas/common/core/catalogs/catalog-row.ts";
import type { RunRow } from "../../lambdas/common/core/runs/run-row.ts";

/** 2026-11-23T12:00:00.000Z, the moment at which tests take place. */
export const NOON = Date.UTC(2026, 10, 23, 12);

/** The `n`-th of a row of distinct ASINs. */
export const asinNumber = (n: number): string => `B0${String(n).padStart(8, "0")}`;

/** A pending item; override what the test is about. */
export const anItem = (overrides: Partial<BatchItem> = {}): BatchItem => ({
  asin: asinNumber(1),
  state: "pending",
  attempts: 0,
  ...overrides,
});

/** A batch of three pending products, sent once. */
export const aBatch = (overrides: Partial<BatchRow> = {}): BatchRow => ({
  catalog_id: "cat_1",
  batch_id: "enrich_cat_1_1#0000001",
  row_type: "batch",
  tracking_id: "enrich_cat_1_1",
  number: 1,
  owner_id: "user-1",
  marketplace: "www.amazon.com",
  correlation_id: "corr-1",
  state: "queued",
  items: [1, 2, 3].map((n) => anItem({ asin: asinNumber(n) })),
  generation: 1,
  version: 0,
  due_shard: "1",
  due_at: new Date(NOON + 1_200_000).toISOString(),
  resends: 0,
  updated_at: new Date(NOON).toISOString(),
  ...overrides,
});

/** An open run of three products in one batch. */
export const aRun = (overrides: Partial<RunRow> = {}): RunRow => ({
  catalog_id: "cat_1",
  batch_id: "enrich_cat_1_1",
  row_type: "run",
  owner_id: "user-1",
  created_at: new Date(NOON).toISOString(),
  open_shard: "open",
  state: "queued",
  options: {
    provider: null,
    fallback: true,
    force: false,
    include_variations: false,
    refresh_daily: false,
    batch_size: 20,
  },
  correlation_id: "corr-1",
  uploaded: 3,
  pending: 3,
  enriched: 0,
  failed: 0,
  cancelled: 0,
  from_cache: 0,
  incomplete: 0,
  by_source: {},
  failure_counts: {},
  failure_groups: {},
  failure_firsts: {},
  failure_lasts: {},
  sequence: 0,
  batches: 1,
  dispatched: 1,
  settled: 0,
  blocked_by: [],
  segments: [
    {
      marketplace: "www.amazon.com",
      key: "catalogs/cat_1/products/0.ndjson",
      index_key: "catalogs/cat_1/products/0.index.json",
      products: 3,
    },
  ],
  express: false,
  started_at: null,
  finished_at: null,
  updated_at: new Date(NOON).toISOString(),
  ...overrides,
});

/** A ready catalog of three products. */
export const aCatalog = (overrides: Partial<CatalogRow> = {}): CatalogRow => ({
  catalog_id: "cat_1",
  batch_id: "catalog",
  row_type: "catalog",
  user_id: "user-1",
  created_at: new Date(NOON).toISOString(),
  name: "spring",
  marketplace: "www.amazon.com",
  state: "ready",
  rows: { total: 3, valid: 3, duplicates: 0, rejected: 0, blank: 0, repaired: 0 },
  segments: aRun().segments,
  rows_key: "catalogs/cat_1/rows.ndjson",
  rejects_key: null,
  content_hash: "00",
  columns: ["asin"],
  tracking_id: null,
  failure: null,
  deleted_at: null,
  ...overrides,
});
