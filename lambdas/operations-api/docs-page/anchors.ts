/** Under which every path lies; the page shows paths without it. */
const BASE = /^\/api\/v1(?=\/)/;

/** A path as the page shows it. */
export const shortPath = (path: string): string => path.replace(BASE, "");

/** Fragment of an operation, such as `post-catalogs-id-enrich`. */
export const operationAnchor = (method: string, path: string): string =>
  [method, ...shortPath(path).split(/[^A-Za-z0-9]+/)]
    .filter((part) => part !== "")
    .join("-")
    .toLowerCase();

/** Fragment of a schema, such as `schema-Catalog`. */
export const schemaAnchor = (name: string): string => `schema-${name}`;

/** Fragment of the operations under one tag, such as `tag-catalogs`. */
export const tagAnchor = (tag: string): string => `tag-${tag.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
