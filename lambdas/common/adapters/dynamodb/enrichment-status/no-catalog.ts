import type { CatalogRow } from "../../../core/catalogs/catalog-row.ts";
import { NotFoundError } from "../../../core/errors.ts";

/** The error for a catalog that is not there, or is not this user's to know of. */
export const noCatalog = (catalogId: string): NotFoundError =>
  new NotFoundError(`there is no catalog "${catalogId}"; GET /catalogs lists yours`);

/** The row, where it is a catalog that this user has. @throws NotFoundError when there is none, it is deleted, or somebody else's */
export const ownCatalog = (row: CatalogRow | undefined, catalogId: string, userId: string): CatalogRow => {
  if (!row || row.user_id !== userId || row.deleted_at !== null) throw noCatalog(catalogId);
  return row;
};
