import { NotFoundError } from "../../../core/errors.ts";

/** The error for a catalog that is not there, or is not this user's to know of. */
export const noCatalog = (catalogId: string): NotFoundError =>
  new NotFoundError(`there is no catalog "${catalogId}"; GET /catalogs lists yours`);
