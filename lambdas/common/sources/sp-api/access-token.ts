import type { SpApiSecret } from "../../core/sources/known/sp-api/secret.ts";
import type { SourceContext } from "../../core/sources/source-client.ts";
import { accountId } from "../calling/account-id.ts";
import { callUpstream, jsonOf, readRetryAfterMs } from "../calling/call-upstream.ts";
import { createTokenHolder, type FreshToken, type TokenHolder } from "../calling/token-holder.ts";
import { spApiError } from "./errors.ts";
import { LwaErrorSchema, LwaTokenSchema } from "./schema.ts";

const TOKEN_URL = "https://api.amazon.com/auth/o2/token";

/** Key of the cached access token; a new version of the secret never meets an old token. */
const tokenKey = (context: SourceContext<SpApiSecret>): string =>
  `sp-api#${accountId(context.secret.client_id, context.secret.refresh_token)}#${context.secretVersion}`;

/** The access token of a credential, from Login with Amazon. */
export const createAccessTokens = (context: SourceContext<SpApiSecret>): TokenHolder =>
  createTokenHolder(context, tokenKey(context), (signal) => fetchToken(context, signal));

const fetchToken = async (context: SourceContext<SpApiSecret>, signal: AbortSignal): Promise<FreshToken> => {
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
    beside: true,
  });
  const parsed = LwaTokenSchema.safeParse(jsonOf(reply.body));
  if (reply.status === 200 && parsed.success) {
    const { access_token, expires_in } = parsed.data;
    await context.tokens.put(tokenKey(context), access_token, context.clock.now() + expires_in * 1000);
    return { token: access_token, lifetimeMs: expires_in * 1000 };
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
