import type { CatalogRow } from "../common/core/catalogs/catalog-row.ts";
import type { RunRow } from "../common/core/runs/run-row.ts";
import type { Deps } from "./deps.ts";

/**
 * Reads a user's catalog with its newest run, undefined before the first.
 * @throws NotFoundError also for a deleted one and for somebody else's
 */
export const findCatalog = async (
  { catalogs, runs }: Pick<Deps, "catalogs" | "runs">,
  catalogId: string,
  userId: string,
): Promise<{ readonly catalog: CatalogRow; readonly run: RunRow | undefined }> => {
  const catalog = await catalogs.getCatalog(catalogId, userId);
  const run = catalog.tracking_id ? await runs.getRun(catalogId, catalog.tracking_id) : undefined;
  return { catalog, run };
};
