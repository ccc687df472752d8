import { batchSizeFor } from "../../../core/batches/partition/batch-size.ts";
import type { RunOptions } from "../../../core/catalogs/run-options.ts";
import { ConflictError, ValidationError } from "../../../core/errors.ts";
import { DEFAULT_MARKETPLACE } from "../../../core/products/marketplaces.ts";
import { type SourceId, SourceIdSchema } from "../../../core/source-ids.ts";
import * as z from "../../../platform/http/openapi-zod.ts";
import { queryFlag } from "../../../platform/http/strict-query.ts";
import type { SourceStanding } from "../../../services/source-standings.ts";

/** Refusal of a batch size, in a query and in a body. */
export const SIZE_RULE = { error: "must be 5 to 50, or auto" };

/** What `marketplace` of an upload means. */
export const MARKETPLACE_WORDS = `Shop of rows that name none, as www.amazon.de, amazon.de or DE; absent: ${DEFAULT_MARKETPLACE}.`;

/** What the choices of a run mean, wherever they are made: in a query or in a body. */
export const RUN_WORDS = {
  provider: "Source to ask first; absent: the stage's order.",
  fallback:
    "Whether later sources may fill what the first left open; `false`: only `provider` is asked, or else the first source that has credentials.",
  force:
    "Fetch products again that are still fresh (24 h), and for an upload: start although the same products are being enriched already.",
  batch_size:
    "Products a batch, 5 to 50. `auto`: 15 for fewer than 100 products, 20 for fewer than 500, 25 up to 1,000, else 30. Absent: the stage's setting.",
  include: "`variations`: list the colour variants too, at up to one more call for each product.",
  refresh: "`daily`: mark the products to be kept fresh for 30 days after the run.",
};

/** Query parameters that say how a run treats its products; the same for an upload and for `enrich`. */
export const runQuery = {
  provider: SourceIdSchema.optional().describe(RUN_WORDS.provider),
  fallback: queryFlag(true).describe(RUN_WORDS.fallback),
  force: queryFlag(false).describe(RUN_WORDS.force),
  batch_size: z
    .union(
      [z.literal("auto"), z.coerce.number(SIZE_RULE).int(SIZE_RULE).min(5, SIZE_RULE).max(50, SIZE_RULE)],
      SIZE_RULE,
    )
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

/**
 * Sources that a run would ask, in its order: the wished one first, and it alone without fallback; without a wish
 * and without fallback the first that has credentials. Sources without credentials are left out.
 */
export const runSources = (
  query: Pick<RunQuery, "provider" | "fallback">,
  standings: readonly SourceStanding[],
): readonly SourceStanding[] => {
  const wished = standings.filter((standing) => standing.id === query.provider);
  const others = standings.filter((standing) => standing.id !== query.provider);
  const order = [...wished, ...others];
  const ready = order.filter((standing) => standing.configured);
  if (query.fallback) return ready;
  return query.provider === undefined ? ready.slice(0, 1) : wished.filter((standing) => standing.configured);
};

/** @throws ValidationError when the wished source is switched off on this stage */
export const requireEnabled = (provider: SourceId | undefined, enabled: readonly SourceId[]): void => {
  if (provider === undefined || enabled.includes(provider)) return;
  throw new ValidationError(`The source ${provider} is not enabled on this stage.`, {
    errors: [{ field: "provider", problem: `enabled are: ${enabled.join(", ") || "none"}` }],
  });
};

/** @throws ConflictError `no_source_configured` when a run could ask nobody */
export const requireSource = (
  sources: readonly SourceStanding[],
  query: Pick<RunQuery, "provider" | "fallback">,
): void => {
  if (sources.length > 0) return;
  const which = query.provider && !query.fallback ? `the source ${query.provider}` : "any source";
  throw new ConflictError(
    `There are no credentials for ${which} yet. Store them with: enrichline credentials set ${query.provider ?? "creators-api"}`,
    "no_source_configured",
  );
};
