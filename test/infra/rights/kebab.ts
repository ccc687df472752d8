/** `EnrichmentStatusTable` → `enrichment-status-table`. */
export const kebab = (pascal: string): string => pascal.replace(/(?<=[a-z0-9])([A-Z])/g, "-$1").toLowerCase();
