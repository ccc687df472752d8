import { type ClientRequest, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { OpenRequest, UpstreamFetch } from "../../core/sources/upstream/upstream-fetch.ts";
import { ConnectionPool, isAlive } from "./connection-pool.ts";
import { ACCEPT_ENCODING, toResponse } from "./to-response.ts";

const headersOf = (init: RequestInit, body: string | undefined, userAgent: string): Record<string, string> => ({
  accept: "*/*",
  "accept-encoding": ACCEPT_ENCODING,
  ...(init.body instanceof URLSearchParams
    ? { "content-type": "application/x-www-form-urlencoded;charset=UTF-8" }
    : {}),
  ...Object.fromEntries(new Headers(init.headers)),
  // After the caller's: no source goes by another name.
  "user-agent": userAgent,
  ...(body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) }),
});

const bodyOf = ({ body }: RequestInit): string | undefined => {
  if (body === undefined || body === null) return undefined;
  if (typeof body === "string" || body instanceof URLSearchParams) return String(body);
  throw new TypeError("a request to an upstream has a body of text or none");
};

/** The request as it has taken its connection; until then there is nothing to send it on. */
const withSocket = (request: ClientRequest): Promise<void> => {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  request.once("socket", () => resolve());
  request.once("error", reject);
  return promise;
};

/**
 * Builds the `fetch` of the functions that call upstreams: Node's HTTP client, with connections that are opened before
 * there is anything to send. It follows no redirects and takes bodies of text only.
 * @param userAgent name of every request
 */
export const createUpstreamFetch = (userAgent: string): UpstreamFetch => {
  const pool = new ConnectionPool();

  const open = async (address: string, init: RequestInit): Promise<OpenRequest> => {
    const url = new URL(address);
    const { signal } = init;
    const body = bodyOf(init);
    const options = {
      method: init.method ?? "GET",
      headers: headersOf(init, body, userAgent),
      agent: pool.agentFor(url),
    };
    await pool.connect(url, signal ?? new AbortController().signal);
    const create = url.protocol === "https:" ? requestHttps : requestHttp;
    const request = create(url, signal ? { ...options, signal } : options);
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    request.once("response", (answer: IncomingMessage) => resolve(toResponse(answer)));
    // Stays: an error that comes after the head is one of the body, too.
    request.on("error", reject);
    // Who never sends the request never hears of its error.
    promise.catch(() => undefined);
    await withSocket(request);
    return {
      send: () => {
        request.end(body);
        return promise;
      },
      isOpen: () => !request.destroyed && request.socket !== null && isAlive(request.socket),
    };
  };

  const upstreamFetch: typeof fetch = async (input, init = {}) =>
    (await open(input instanceof Request ? input.url : String(input), init)).send();

  return Object.assign(upstreamFetch, {
    connections: {
      connect: (url: string, signal: AbortSignal) => pool.connect(new URL(url), signal),
      open,
      times: (url: string) => pool.timesOf(new URL(url)),
    },
  });
};
