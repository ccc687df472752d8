import * as z from "zod";
import type { CreatorsApiSecret, CredentialVersion } from "../../core/sources/known/creators-api/secret.ts";
import type { SourceContext } from "../../core/sources/source-client.ts";
import { accountId } from "../calling/account-id.ts";
import { callUpstream, jsonOf, readRetryAfterMs } from "../calling/call-upstream.ts";
import type { FreshToken } from "../calling/token-holder.ts";
import { lifetimeSeconds, text } from "../reading/lenient-leaves.ts";
import { creatorsApiError } from "./errors.ts";

/** @see https://affiliate-program.amazon.com/creatorsapi/docs/en-us/get-started/using-curl */
const TOKEN_URLS: Readonly<Record<CredentialVersion, string>> = {
  "2.1": "https://creatorsapi.auth.us-east-1.amazoncognito.com/oauth2/token",
  "2.2": "https://creatorsapi.auth.eu-south-2.amazoncognito.com/oauth2/token",
  "2.3": "https://creatorsapi.auth.us-west-2.amazoncognito.com/oauth2/token",
  "3.1": "https://api.amazon.com/auth/o2/token",
  "3.2": "https://api.amazon.co.uk/auth/o2/token",
  "3.3": "https://api.amazon.co.jp/auth/o2/token",
};

const TokenSchema = z.looseObject({
  access_token: z.string().min(1),
  expires_in: lifetimeSeconds,
});
const RefusalSchema = z.looseObject({ error: text, error_description: text });

type Context = SourceContext<CreatorsApiSecret>;

/** Key of the shared token: one for each credential, its version and the version of the secret. */
export const tokenKey = ({ secret, secretVersion }: Pick<Context, "secret" | "secretVersion">): string =>
  `creators-api#${accountId(secret.client_id)}#${secret.credential_version}#${secretVersion}`;

/** Whether the version belongs to the older family: its tokens come from Cognito, and its calls name the version. */
export const isCognito = (version: CredentialVersion): boolean => version.startsWith("2.");

/** Value of the `Authorization` header for a token of this credential version. */
export const authorizationFor = (token: string, version: CredentialVersion): string =>
  isCognito(version) ? `Bearer ${token}, Version ${version}` : `Bearer ${token}`;

const requestFor = ({ credential_version, client_id, client_secret }: CreatorsApiSecret): RequestInit => {
  const grant = { grant_type: "client_credentials", client_id, client_secret };
  if (isCognito(credential_version)) {
    return { method: "POST", body: new URLSearchParams({ ...grant, scope: "creatorsapi/default" }) };
  }
  return {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...grant, scope: "creatorsapi::default" }),
  };
};

/**
 * Fetches a new access token and shares it.
 * @throws SourceError `InvalidClient` (critical) when the credential is refused, `ThrottleException` on 429,
 *   `TokenServiceUnavailable`, `Timeout` or `NetworkError` (retriable) when the token service fails
 */
export const fetchToken = async (context: Context, signal: AbortSignal): Promise<FreshToken> => {
  const { secret, endpoints, clock } = context;
  const url = endpoints.token ?? TOKEN_URLS[secret.credential_version];
  const reply = await callUpstream({
    source: "creators-api",
    fetch: context.fetch,
    url,
    init: requestFor(secret),
    signal,
    beside: true,
  });
  const { status } = reply;
  const token = TokenSchema.safeParse(jsonOf(reply.body));
  if (status === 200 && token.success) {
    const { access_token, expires_in } = token.data;
    await context.tokens.put(tokenKey(context), access_token, clock.now() + expires_in * 1000);
    return { token: access_token, lifetimeMs: expires_in * 1000 };
  }
  const refusal = RefusalSchema.safeParse(jsonOf(reply.body));
  const said = refusal.success ? [refusal.data.error, refusal.data.error_description].filter(Boolean).join(": ") : "";
  if (status === 429) {
    const retryAfterMs = readRetryAfterMs(reply.headers, clock.now());
    throw creatorsApiError("ThrottleException", {
      status,
      message: "the token service asks for a slower pace",
      signals: retryAfterMs === undefined ? {} : { retryAfterMs },
    });
  }
  if (status >= 400 && status < 500) {
    throw creatorsApiError("InvalidClient", {
      status,
      message:
        `the token service refused the credentials${said ? ` (${said})` : ""}: check client id and secret, ` +
        `and that version ${secret.credential_version} is the one printed beside them`,
    });
  }
  throw creatorsApiError("TokenServiceUnavailable", {
    status,
    message: `the token service answered HTTP ${status}${status === 200 ? " without a token" : ""}`,
  });
};
