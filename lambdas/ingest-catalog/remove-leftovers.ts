import type { CatalogRow } from "../common/core/catalogs/catalog-row.ts";
import type { Deps } from "./deps.ts";

/** The folder of the attempt that a catalog was read by. */
const folderOf = (key: string): string => key.slice(0, key.lastIndexOf("/") + 1);

/**
 * Removes what nobody needs once a catalog's file is through: of one that was refused the file and all that attempts
 * wrote, of one that is ready what attempts that died wrote before the last. Does nothing before the end, and nothing
 * for a deleted catalog, which `reconcile` removes whole. Safe to repeat.
 * @throws TransientError; the message must come back
 */
export const removeLeftovers = async (deps: Pick<Deps, "objects">, row: CatalogRow | undefined): Promise<void> => {
  if (row?.state === "ingest_failed") {
    await deps.objects.remove(row);
  } else if (row?.state === "ready" && (row.ingest?.attempt ?? 0) > 1 && row.rows_key !== null) {
    // No attempt before this one has committed, or this one could not have.
    await deps.objects.removeWritten(row.catalog_id, folderOf(row.rows_key));
  }
};
