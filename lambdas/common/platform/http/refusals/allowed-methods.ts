/** A route as a router or an OpenAPI document has it: `/catalogs/:id` or `/catalogs/{id}`. */
export interface RoutePath {
  readonly method: string;
  readonly path: string;
}

const PARAMETER = /^(?::.+|\{.+\})$/;

const segmentsOf = (path: string): string[] => path.replace(/\/$/, "").split("/");

const isAt = (pattern: string, path: readonly string[]): boolean => {
  const wanted = segmentsOf(pattern);
  return wanted.length === path.length && wanted.every((part, index) => PARAMETER.test(part) || part === path[index]);
};

/**
 * The methods that an address has, upper case and in order; empty for an address without a route.
 * @param routes middleware, which takes every method, is left out
 */
export const allowedMethods = (routes: Iterable<RoutePath>, path: string): string[] => {
  const segments = segmentsOf(path);
  const methods = new Set<string>();
  for (const route of routes) {
    const method = route.method.toUpperCase();
    if (method !== "ALL" && isAt(route.path, segments)) methods.add(method);
  }
  return [...methods].sort();
};
