import * as z from "zod";

const Count = z.number().int().min(0);

/** Products of a run or batch by state; together they are all of its products. */
export const ItemCountsSchema = z.object({
  pending: Count.describe("Products that are not done yet."),
  enriched: Count.describe("Products that are done: at least a title was found."),
  failed: Count.describe("Products that no source could give."),
  cancelled: Count.describe("Products given up because the run was cancelled."),
});
