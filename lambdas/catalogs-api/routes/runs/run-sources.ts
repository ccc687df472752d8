import { ConflictError, ValidationError } from "../../../common/core/errors.ts";
import type { SourceId } from "../../../common/core/source-ids.ts";
import type { SourceStatus } from "../../../common/services/source-statuses.ts";
import type { RunQuery } from "./run-query.ts";

/**
 * Sources that a run asks, in its order: the requested one first, and it alone without fallback; without a wish
 * and without fallback the first that has credentials. Sources without credentials are left out.
 */
export const runSources = (
  query: Pick<RunQuery, "provider" | "fallback">,
  statuses: readonly SourceStatus[],
): readonly SourceStatus[] => {
  const wished = statuses.filter((status) => status.id === query.provider);
  const others = statuses.filter((status) => status.id !== query.provider);
  const order = [...wished, ...others];
  const ready = order.filter((status) => status.configured);
  if (query.fallback) return ready;
  return query.provider === undefined ? ready.slice(0, 1) : wished.filter((status) => status.configured);
};

/** @throws ValidationError when the requested source is not enabled on this stage */
export const requireEnabled = (provider: SourceId | undefined, enabled: readonly SourceId[]): void => {
  if (provider === undefined || enabled.includes(provider)) return;
  throw new ValidationError(`The source ${provider} is not enabled on this stage.`, {
    errors: [{ field: "provider", problem: `enabled are: ${enabled.join(", ") || "none"}` }],
  });
};

/** @throws ConflictError `no_source_configured` when no source that the run may ask has credentials */
export const requireSource = (
  sources: readonly SourceStatus[],
  query: Pick<RunQuery, "provider" | "fallback">,
): void => {
  if (sources.length > 0) return;
  const which = query.provider && !query.fallback ? `the source ${query.provider}` : "any source";
  throw new ConflictError(
    `There are no credentials for ${which} yet. Store them with: enrichline credentials set ${query.provider ?? "creators-api"}`,
    "no_source_configured",
  );
};
