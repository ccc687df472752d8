import { onTestFinished } from "vitest";
import { LOCAL_CREDENTIALS } from "../../../../local/upstreams/local-credentials.ts";
import { createProductSource } from "../../../../local/upstreams/shared/products/product-source.ts";
import { startSpApiSimulator } from "../../../../local/upstreams/sp-api/server.ts";

/** Ids of two shops. */
export const US = "ATVPDKIKX0DER";
export const DE = "A1PA6795UKMFR9";

/** Starts a simulator of the SP-API for one test, which ends it, and gives calls to it. */
export const start = async (behaviour: Record<string, unknown> = { calls_per_second: 1000 }) => {
  const simulator = await startSpApiSimulator({ products: createProductSource(), behaviour });
  onTestFinished(() => simulator.close());
  const { region: _, ...secret } = LOCAL_CREDENTIALS["sp-api"];
  const json = async (response: Response) => ({
    status: response.status,
    headers: response.headers,
    body: await response.json(),
  });
  const askToken = async (change: Record<string, string> = {}, asForm = false) => {
    const fields = { grant_type: "refresh_token", ...secret, ...change };
    return json(
      await fetch(`${simulator.url}/auth/o2/token`, {
        method: "POST",
        headers: { "content-type": asForm ? "application/x-www-form-urlencoded" : "application/json" },
        body: asForm ? new URLSearchParams(fields).toString() : JSON.stringify(fields),
      }),
    );
  };
  const token = async () => (await askToken()).body.access_token as string;
  const get = async (path: string, access: string) =>
    json(await fetch(simulator.url + path, { headers: { "x-amz-access-token": access } }));
  const post = async (path: string, access: string, body: unknown) =>
    json(
      await fetch(simulator.url + path, {
        method: "POST",
        headers: { "x-amz-access-token": access },
        body: JSON.stringify(body),
      }),
    );
  const control = async (path: string, body?: unknown) =>
    (
      await fetch(simulator.controlUrl + path, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) })
    ).json();
  return { askToken, token, get, post, control };
};
