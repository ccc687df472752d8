import * as z from "zod";

/** Answer of `DELETE /catalogs/{id}`. */
export const DeletedCatalogSchema = z
  .object({
    catalog_id: z.string().describe("The catalog that was deleted."),
    message: z.string().describe("What was done, in words."),
  })
  .meta({ id: "DeletedCatalog" });
