import { CreatorsApiSecretSchema } from "../../../../../lambdas/common/core/sources/known/creators-api/secret.ts";
import { createCreatorsApiClient } from "../../../../../lambdas/common/sources/creators-api/client.ts";

/** The shop that most requests are for, and a product in it. */
export const US = "www.amazon.com";
export const A = "B07CXG6C9W";
/** Never aborted. */
export const signal = new AbortController().signal;

/** A request that went out, to a token service or to the API. */
export interface Seen {
  url: string;
  headers: Headers;
  body: string;
}

/** A client of the Creators API over a `fetch` that answers with these replies, one after the other, and notes what it saw. */
export const setup = (
  version = "3.1",
  replies: { status: number; body: unknown; headers?: Record<string, string> }[] = [],
) => {
  const seen: Seen[] = [];
  let now = 1_000_000;
  let issued = 0;
  let tokenStatus: number | undefined;
  const cached = new Map<string, { token: string; until: number }>();
  const fetchFake: typeof fetch = async (url, init) => {
    const request = new Request(url, init);
    seen.push({ url: String(url), headers: request.headers, body: await request.text() });
    if (String(url).includes("token")) {
      if (tokenStatus !== undefined) return Response.json({ error: "invalid_client" }, { status: tokenStatus });
      issued += 1;
      return Response.json({ access_token: `token-${issued}`, expires_in: 3600 });
    }
    const reply = replies.shift() ?? { status: 200, body: { itemsResult: { items: [] } } };
    const text = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
    return new Response(text, { status: reply.status, headers: reply.headers ?? {} });
  };
  const client = createCreatorsApiClient({
    secret: CreatorsApiSecretSchema.parse({
      account: "shop",
      credential_version: version,
      client_id: "the-id",
      client_secret: "the-secret",
      partner_tags: { "amazon.com": "tag-20", JP: "tag-22", ...(version === "2.2" ? { DE: "tag-21" } : {}) },
    }),
    secretVersion: "v1",
    endpoints: version === "real" ? {} : { api: "http://api.test/", token: "http://token.test/o2" },
    clock: { now: () => now, sleep: async () => {} },
    tokens: {
      get: async (key) => {
        const entry = cached.get(key);
        return entry && entry.until - 30_000 > now ? entry.token : undefined;
      },
      put: async (key, token, until) => void cached.set(key, { token, until }),
      drop: async (key) => void cached.delete(key),
    },
    fetch: fetchFake,
  });
  return {
    client,
    seen,
    cached,
    calls: () => seen.filter(({ url }) => url.includes("api.test")),
    advance: (ms: number) => (now += ms),
    issued: () => issued,
    /** From now on the token service answers with this status. */
    refuseTokens: (status: number | undefined) => {
      tokenStatus = status;
    },
  };
};
