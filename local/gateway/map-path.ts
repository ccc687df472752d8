/** What the gateway does with a request. */
export type Route =
  | { readonly kind: "api"; readonly path: string }
  | { readonly kind: "live"; readonly path: string }
  | { readonly kind: "page" }
  | { readonly kind: "instance" }
  | { readonly kind: "none" };

/** Ids of the APIs in the emulator. */
export interface ApiIds {
  readonly http: string;
  readonly webSocket: string;
}

/**
 * Finds what a request target is for. The API's own path is kept byte for byte, with its query, behind the prefix
 * by which the emulator addresses an HTTP API; of `/live` the query is kept behind that of the WebSocket API's stage.
 * @param target path and query as the request line has them
 */
export const mapPath = (target: string, { http: apiId, webSocket }: ApiIds): Route => {
  const [path = target] = target.split("?", 1);
  if (path === "/api/v1" || path.startsWith("/api/v1/")) {
    return { kind: "api", path: `/_aws/execute-api/${apiId}/$default${target}` };
  }
  if (path === "/live") {
    return { kind: "live", path: `/_aws/execute-api/${webSocket}/live${target.slice(path.length)}` };
  }
  if (path === "/" || path === "/index.html") return { kind: "page" };
  if (path === "/_local/instance") return { kind: "instance" };
  return { kind: "none" };
};
