import { onTestFinished } from "vitest";
import { startCreatorsApiSimulator } from "../../../../local/upstreams/creators-api/server.ts";
import { LOCAL_CREATORS_CREDENTIALS, LOCAL_PARTNER_TAGS } from "../../../../local/upstreams/local-credentials.ts";
import { createProductSource } from "../../../../local/upstreams/shared/products/product-source.ts";

/** Version of the credentials. */
export type Version = keyof typeof LOCAL_CREATORS_CREDENTIALS;
/** The shop that most calls are for. */
export const US = "www.amazon.com";

/** Starts a simulator of the Creators API for one test, which ends it, and gives calls to it. */
export const start = async (behaviour: Record<string, unknown> = { calls_per_second: 1000 }) => {
  const simulator = await startCreatorsApiSimulator({ products: createProductSource(), behaviour });
  onTestFinished(() => simulator.close());
  const json = async (response: Response) => ({
    status: response.status,
    headers: response.headers,
    body: await response.json(),
  });
  const post = async (path: string, headers: Record<string, string>, body: string) =>
    json(await fetch(simulator.url + path, { method: "POST", headers, body }));
  const tokenBody = (version: Version) => ({
    grant_type: "client_credentials",
    client_id: LOCAL_CREATORS_CREDENTIALS[version].client_id,
    client_secret: LOCAL_CREATORS_CREDENTIALS[version].client_secret,
    scope: version.startsWith("2") ? "creatorsapi/default" : "creatorsapi::default",
  });
  const askToken = (version: Version, change: Record<string, string> = {}, path?: string) => {
    const fields = { ...tokenBody(version), ...change };
    return version.startsWith("2")
      ? post(
          path ?? "/oauth2/token",
          { "content-type": "application/x-www-form-urlencoded" },
          new URLSearchParams(fields).toString(),
        )
      : post(path ?? "/auth/o2/token", { "content-type": "application/json" }, JSON.stringify(fields));
  };
  const authorization = async (version: Version) => {
    const { body } = await askToken(version);
    return version.startsWith("2") ? `Bearer ${body.access_token}, Version ${version}` : `Bearer ${body.access_token}`;
  };
  const call = (operation: string, auth: string, body: unknown, marketplace = US) =>
    post(
      `/catalog/v1/${operation}`,
      { "content-type": "application/json", "x-marketplace": marketplace, ...(auth ? { authorization: auth } : {}) },
      typeof body === "string"
        ? body
        : JSON.stringify({ partnerTag: LOCAL_PARTNER_TAGS[marketplace], ...(body as object) }),
    );
  const control = async (path: string, body?: unknown) =>
    json(
      await fetch(
        simulator.controlUrl + path,
        body === undefined ? {} : { method: "POST", body: JSON.stringify(body) },
      ),
    );
  return { simulator, post, askToken, authorization, call, control };
};
