/**
 * Options of Node for reading catalogs. A million rows leave a lot of garbage, and V8 lets the space for new objects
 * grow as far as it is allowed before it looks: up to 128 MB, for no gain in time. With less than 16 MB a half, garbage
 * would get into the space of old objects.
 */
export const INGEST_NODE_OPTIONS = ["--max-semi-space-size=16"] as const;
