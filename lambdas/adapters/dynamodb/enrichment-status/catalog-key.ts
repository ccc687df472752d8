/** Range key of a catalog's own row. */
export const CATALOG = "catalog";
