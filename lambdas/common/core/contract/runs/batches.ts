import * as z from "zod";
import { BatchRowSchema } from "../../batches/batch-row.ts";
import { ItemCountsSchema } from "./item-counts.ts";

const row = BatchRowSchema.shape;

/** One batch of a run. */
export const BatchSchema = z
  .object({
    batch_id: row.batch_id.describe("Id of the batch: that of the run, `#` and the number."),
    number: row.number.describe("Place in the run, from 1."),
    state: row.state.describe("State of the batch."),
    marketplace: row.marketplace.describe("Shop of all its products."),
    products: z.number().int().min(0).describe("Products in it."),
    counts: ItemCountsSchema.describe("Its products by state."),
    generation: row.generation.describe("Batch messages so far."),
    updated_at: row.updated_at.describe("When it last changed."),
  })
  .meta({ id: "Batch" });
export type Batch = z.infer<typeof BatchSchema>;
