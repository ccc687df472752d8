import type { SourceContext, TokenCache } from "../../lambdas/common/core/sources/source-client.ts";

/** What a fake upstream answers to one request. */
export interface FakeReply {
  readonly status?: number;
  readonly body?: string | object;
  readonly headers?: Record<string, string>;
}

/** One request as the fake upstream saw it. */
export interface SeenRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
}

/** A source context over a fake upstream, with everything that was asked of it. */
export interface FakeUpstream<Secret> {
  readonly context: SourceContext<Secret>;
  readonly requests: SeenRequest[];
  readonly tokens: Map<string, string>;
  /** Moves the clock, in milliseconds. */
  advance(ms: number): void;
}

/** Fixed start of the fake clock. */
export const NOW = Date.parse("2026-11-23T12:00:00.000Z");

/** Builds a context whose `fetch` is answered by `respond`, without any network. */
export const fakeUpstream = <Secret>(
  secret: Secret,
  respond: (request: SeenRequest) => FakeReply | Promise<FakeReply>,
  endpoints: Record<string, string> = {},
): FakeUpstream<Secret> => {
  const requests: SeenRequest[] = [];
  const tokens = new Map<string, string>();
  let now = NOW;
  const cache: TokenCache = {
    get: async (key) => tokens.get(key),
    put: async (key, token) => void tokens.set(key, token),
    drop: async (key) => void tokens.delete(key),
  };
  const fakeFetch: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    const seen = {
      url: new URL(request.url),
      method: request.method,
      headers: request.headers,
      body: await request.text(),
    };
    requests.push(seen);
    request.signal.throwIfAborted();
    const { status = 200, body = "", headers = {} } = await respond(seen);
    return new Response(typeof body === "string" ? body : JSON.stringify(body), { status, headers });
  };
  return {
    context: {
      secret,
      secretVersion: "v1",
      endpoints,
      clock: { now: () => now, sleep: async () => {} },
      tokens: cache,
      fetch: fakeFetch,
    },
    requests,
    tokens,
    advance: (ms) => {
      now += ms;
    },
  };
};

/** A signal that nobody aborts. */
export const patient = (): AbortSignal => new AbortController().signal;
