import * as z from "zod";
import { batchSizeFor } from "../../../common/core/batches/partition/batch-size.ts";
import type { RunOptions } from "../../../common/core/catalogs/run-options.ts";
import { RUN_WORDS, SIZE_RULE } from "../../../common/core/contract/uploads/run-choices.ts";
import { refreshOff } from "../../../common/core/refresh/refresh-off.ts";
import { SourceIdSchema } from "../../../common/core/source-ids.ts";
import { queryFlag, queryInteger } from "../../../common/platform/http/strict-query.ts";

/** Query parameters that say how a run treats its products; the same for an upload and for `enrich`. */
export const runQuery = {
  provider: SourceIdSchema.optional().describe(RUN_WORDS.provider),
  fallback: queryFlag(true).describe(RUN_WORDS.fallback),
  force: queryFlag(false).describe(RUN_WORDS.force),
  batch_size: z
    .union([z.literal("auto"), queryInteger(5, 50, SIZE_RULE)], SIZE_RULE)
    .optional()
    .describe(RUN_WORDS.batch_size),
  include: z.enum(["variations"]).optional().describe(RUN_WORDS.include),
  refresh: z.enum(["daily", "off"]).default("off").describe(RUN_WORDS.refresh),
};
const RunQuerySchema = z.object(runQuery);
export type RunQuery = z.output<typeof RunQuerySchema>;

/** Options of a run over `products` products. */
export const runOptions = (query: RunQuery, products: number, defaultBatchSize: number | "auto"): RunOptions => ({
  provider: query.provider ?? null,
  fallback: query.fallback,
  force: query.force,
  include_variations: query.include === "variations",
  refresh_daily: query.refresh === "daily",
  batch_size: batchSizeFor(query.batch_size ?? defaultBatchSize, products),
});

/** @throws ConflictError `refresh_off` when products are to be kept fresh on a stage that keeps none so */
export const requireRefresh = (refresh: RunQuery["refresh"], dailyRefresh: boolean): void => {
  if (refresh === "daily" && !dailyRefresh) throw refreshOff();
};
