/** Range key of a catalog's own row in `enrichment-status`; its runs and their batches have longer ones. */
export const CATALOG_KEY = "catalog";
