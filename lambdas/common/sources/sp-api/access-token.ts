import type { SpApiSecret } from "../../core/sources/known/sp-api/secret.ts";
import type { SourceContext } from "../../core/sources/source-client.ts";
import { accountId } from "../calling/account-id.ts";
import { callUpstream, jsonOf, readRetryAfterMs } from "../calling/call-upstream.ts";
import { createRefusalMemory } from "../calling/refusal-memory.ts";
import { spApiError } from "./errors.ts";
import { LwaErrorSchema, LwaTokenSchema } from "./schema.ts";

const TOKEN_URL = "https://api.amazon.com/auth/o2/token";

/** Key of the cached access token; a new version of the secret never meets an old token. */
const tokenKey = (context: SourceContext<SpApiSecret>): string =>
  `sp-api#${accountId(context.secret.client_id, context.secret.refresh_token)}#${context.secretVersion}`;

/** The access token of one credential. */
export interface AccessTokens {
  /**
   * Returns one for the next call.
   * @throws SourceError critical when the credentials are refused, throttled or retriable when the token service fails
   */
  get(signal: AbortSignal): Promise<string>;
  /** Drops a token that SP-API refused, unless another instance has renewed it already. */
  refuse(token: string): Promise<void>;
}

/**
 * Builds the access token of a credential: from the shared cache, else from Login with Amazon. For a minute after Login
 * with Amazon refused the credentials, it is not called again.
 */
export const createAccessTokens = (context: SourceContext<SpApiSecret>): AccessTokens => {
  const unlessRefused = createRefusalMemory(context.clock);
  const key = tokenKey(context);
  return {
    get: async (signal) => (await context.tokens.get(key)) ?? (await unlessRefused(() => fetchToken(context, signal))),
    refuse: async (token) => {
      if ((await context.tokens.get(key)) === token) await context.tokens.drop(key);
    },
  };
};

const fetchToken = async (context: SourceContext<SpApiSecret>, signal: AbortSignal): Promise<string> => {
  const { client_id, client_secret, refresh_token } = context.secret;
  const reply = await callUpstream({
    source: "sp-api",
    fetch: context.fetch,
    url: context.endpoints.token ?? TOKEN_URL,
    init: {
      method: "POST",
      body: new URLSearchParams({ grant_type: "refresh_token", client_id, client_secret, refresh_token }),
    },
    signal,
  });
  const parsed = LwaTokenSchema.safeParse(jsonOf(reply.body));
  if (reply.status === 200 && parsed.success) {
    const { access_token, expires_in } = parsed.data;
    await context.tokens.put(tokenKey(context), access_token, context.clock.now() + expires_in * 1000);
    return access_token;
  }
  const refusal = LwaErrorSchema.safeParse(jsonOf(reply.body));
  const said = refusal.success ? (refusal.data.error_description ?? null) : null;
  const named = refusal.success ? refusal.data.error : undefined;
  const pause = readRetryAfterMs(reply.headers, context.clock.now());
  const signals = pause === undefined ? {} : { retryAfterMs: pause };
  if (reply.status === 429) throw spApiError("QuotaExceeded", 429, { said, signals });
  if (reply.status >= 500) throw spApiError("InternalFailure", reply.status, { said, signals });
  if (reply.status === 200) throw spApiError("UnreadableAnswer", 200);
  throw spApiError(named ?? "invalid_client", reply.status, { said });
};
