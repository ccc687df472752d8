import type { Catalog } from "../../../../lambdas/common/core/contract/catalogs/catalog.ts";
import type { CatalogProduct } from "../../../../lambdas/common/core/contract/catalogs/products.ts";
import type { SourceQuota } from "../../../../lambdas/common/core/contract/operations/quota.ts";
import type { Failure } from "../../../../lambdas/common/core/contract/runs/failures.ts";
import type { RetryReport } from "../../../../lambdas/common/core/contract/runs/retry.ts";
import { CATALOG_ID, report } from "./fake-api.ts";

/** A catalog of 20 products before its first run. */
export const aCatalog = (changes: Partial<Catalog> = {}): Catalog => ({
  catalog_id: CATALOG_ID,
  name: "Mine",
  marketplace: "www.amazon.com",
  state: "running",
  created_at: "2026-08-01T00:00:00.000Z",
  total_products: 20,
  duplicates: 0,
  rejected: 0,
  repaired: 0,
  blank_rows: 0,
  notes: [],
  columns: [],
  marketplaces: [{ marketplace: "www.amazon.com", products: 20 }],
  tracking_id: null,
  counts: null,
  failure: null,
  ...changes,
});

/** A product that is enriched, without what is stored of it. */
export const aCatalogProduct = (changes: Partial<CatalogProduct> = {}): CatalogProduct => ({
  asin: "B07CXG6C9W",
  sku: null,
  marketplace: "www.amazon.com",
  state: "enriched",
  error_code: null,
  source: "keepa",
  product: null,
  ...changes,
});

/** A product that no source knows. */
export const aFailure = (changes: Partial<Failure> = {}): Failure => ({
  asin: "B07CXG6C9W",
  marketplace: "www.amazon.com",
  error_code: "NotFound",
  source: null,
  raw_code: "",
  message: "gone",
  attempts: 1,
  retrying: false,
  first_seen_at: "2026-08-01T00:00:00.000Z",
  last_seen_at: "2026-08-01T00:00:00.000Z",
  ...changes,
});

/** Answer to a retry that reopened `reopened` of its products. */
export const aRetryReport = (reopened: number, remaining: number, changes: Partial<RetryReport> = {}): RetryReport => ({
  tracking_id: "t",
  dry_run: false,
  matched: reopened + remaining,
  by_error_code: [{ error_code: "NotFound", count: reopened + remaining }],
  reopened,
  in_progress: 0,
  remaining,
  estimate: report.estimate,
  ...changes,
});

/** A source without credentials in `GET /quota`. */
export const aSourceQuota = (source: SourceQuota["source"], changes: Partial<SourceQuota> = {}): SourceQuota => ({
  source,
  state: "not_configured",
  calls_per_second: 1,
  used_today: 0,
  left_today: 0,
  breaker: null,
  products_still_servable_today: 0,
  retry_at: null,
  reason: `No credentials are stored for ${source}, so it is skipped.`,
  next_step: `Store them with: enrichline credentials set ${source}`,
  ...changes,
});
