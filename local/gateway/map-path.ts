/** What the gateway does with a request. */
export type Route =
  | { readonly kind: "api"; readonly path: string }
  | { readonly kind: "live" }
  | { readonly kind: "page" }
  | { readonly kind: "instance" }
  | { readonly kind: "none" };

/**
 * Finds what a request target is for. The API's own path is kept byte for byte, with its query, behind the prefix
 * by which the emulator addresses an HTTP API.
 * @param target path and query as the request line has them
 */
export const mapPath = (target: string, apiId: string): Route => {
  const [path = target] = target.split("?", 1);
  if (path === "/api/v1" || path.startsWith("/api/v1/")) {
    return { kind: "api", path: `/_aws/execute-api/${apiId}/$default${target}` };
  }
  if (path === "/live") return { kind: "live" };
  if (path === "/" || path === "/index.html") return { kind: "page" };
  if (path === "/_local/instance") return { kind: "instance" };
  return { kind: "none" };
};
