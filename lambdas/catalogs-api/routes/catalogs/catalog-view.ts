import type { CatalogRow } from "../../../common/core/catalogs/catalog-row.ts";
import type { Catalog } from "../../../common/core/contract/catalogs/catalog.ts";
import type { RunRow } from "../../../common/core/runs/run-row.ts";

/** The answer about a catalog, from its row and its newest run; it names neither object keys nor the owner. */
export const catalogView = (catalog: CatalogRow, run: RunRow | undefined): Catalog => ({
  catalog_id: catalog.catalog_id,
  name: catalog.name,
  marketplace: catalog.marketplace,
  state: run?.state ?? catalog.state,
  created_at: catalog.created_at,
  total_products: catalog.rows.valid,
  duplicates: catalog.rows.duplicates,
  rejected: catalog.rows.rejected,
  repaired: catalog.rows.repaired,
  blank_rows: catalog.rows.blank,
  notes: catalog.notes ?? [],
  columns: catalog.columns,
  marketplaces: catalog.segments.map(({ marketplace, products }) => ({ marketplace, products })),
  tracking_id: run?.batch_id ?? catalog.tracking_id,
  counts: run ? { pending: run.pending, enriched: run.enriched, failed: run.failed, cancelled: run.cancelled } : null,
  failure: catalog.failure,
});
