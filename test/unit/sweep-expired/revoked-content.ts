import fc from "fast-check";
import { type ExportJob, newExportJob } from "../../../lambdas/common/core/exports/export-job.ts";
import { isGiven } from "../../../lambdas/common/core/products/critical-fields.ts";
import { PRODUCT_FIELDS, type Product } from "../../../lambdas/common/core/products/product.ts";
import type { SourceId } from "../../../lambdas/common/core/source-ids.ts";
import { aProduct } from "../../helpers/products.ts";
import { NOON } from "../../helpers/rows.ts";

/** The source that is revoked. */
export const GONE: SourceId = "keepa";
/** The other one. */
export const STAYING: SourceId = "sp-api";

/** Whether each field of a product is from the source that is revoked. */
export const origins = fc.array(fc.boolean(), { minLength: PRODUCT_FIELDS.length, maxLength: PRODUCT_FIELDS.length });

/** A product whose fields were fetched at noon from these. */
export const productOf = (index: number, fromGone: readonly boolean[]): Product => {
  const asin = `B0000000${String(index).padStart(2, "0")}`;
  const product = aProduct({ asin, product_id: `www.amazon.com#${asin}` });
  const provenance = Object.fromEntries(
    PRODUCT_FIELDS.filter((field) => isGiven(product[field])).map((field, place) => [
      field,
      { source: fromGone[place] ? GONE : STAYING, fetched_at: new Date(NOON).toISOString() },
    ]),
  );
  return { ...product, provenance };
};

/** A ready export that shows fields of these sources; undefined: nobody knows of which. */
export const exportOf = (id: string, sources: SourceId[] | undefined): ExportJob => ({
  ...newExportJob({
    ...{ export_id: id, catalog_id: "cat_1", user_id: "u", tracking_id: null, format: "csv", row_state: null },
    ...{ total_rows: 1, correlation_id: "c", file_name: "f.csv", nowMs: NOON },
  }),
  state: "ready",
  ...(sources ? { sources } : {}),
});
