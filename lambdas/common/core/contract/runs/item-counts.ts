import * as z from "zod";
import { RunRowSchema } from "../../runs/run-row.ts";

const run = RunRowSchema.shape;

/** Products of a run or batch by state; together they are all of its products. */
export const ItemCountsSchema = z.object({
  pending: run.pending.describe("Products that are not done yet."),
  enriched: run.enriched.describe("Products that are done: at least a title was found."),
  failed: run.failed.describe("Products that no source could give."),
  cancelled: run.cancelled.describe("Products given up because the run was cancelled."),
});
