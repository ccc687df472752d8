import * as z from "zod";
import { CatalogRowSchema } from "../../catalogs/catalog-row.ts";
import { CatalogSegmentSchema } from "../../catalogs/catalog-segment.ts";
import { ItemCountsSchema } from "../runs/item-counts.ts";
import { NotesSchema } from "../uploads/upload-report.ts";

const row = CatalogRowSchema.shape;
const rows = row.rows.shape;
const segment = CatalogSegmentSchema.shape;

/** One catalog in lists and on its own. */
export const CatalogSchema = z
  .object({
    catalog_id: row.catalog_id.describe("Id of the catalog: `cat_` and 16 characters."),
    name: row.name.describe("The name given with the upload, else that of the file, else the time of the upload."),
    marketplace: row.marketplace.describe("Shop of rows that name none, such as www.amazon.com."),
    state: row.state.describe("State of the newest run; before the first, of the catalog."),
    created_at: row.created_at.describe("When it was uploaded."),
    total_products: rows.valid.describe("Distinct products."),
    duplicates: rows.duplicates.describe("Rows dropped because their product was there already."),
    rejected: rows.rejected.describe("Rows that were not accepted; see `GET /catalogs/{id}/rejected`."),
    repaired: rows.repaired.describe("Rows whose lost leading zeros were put back."),
    blank_rows: rows.blank.describe("Rows with nothing in them."),
    notes: NotesSchema,
    columns: row.columns.describe("The upload's own columns, in order."),
    marketplaces: z
      .array(
        z.object({
          marketplace: segment.marketplace.describe("The shop, such as www.amazon.de."),
          products: segment.products.describe("Distinct products in this shop."),
        }),
      )
      .describe("Products by shop."),
    tracking_id: row.tracking_id.describe("Newest run; null before the first."),
    counts: ItemCountsSchema.nullable().describe("Products of the newest run by state; null before the first."),
    failure: row.failure.describe("Why the file could not be read; null otherwise."),
  })
  .meta({ id: "Catalog" });
export type Catalog = z.infer<typeof CatalogSchema>;
