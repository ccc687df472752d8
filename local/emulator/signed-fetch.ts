import { DUMMY_CREDENTIALS } from "../aws-environment.ts";
import { type SigningKeys, signerOf } from "./signer.ts";

/** What a call is beside its address. */
export interface SignedCall {
  /** @default "GET" */
  readonly method?: string;
  readonly body?: string;
  /** @default those of the account itself */
  readonly credentials?: SigningKeys;
}

/**
 * A call of the emulator's API by a service that has no client here, signed, because the emulator enforces IAM.
 * @param service as signatures name it, such as `apigateway`
 */
export const signedFetch = async (
  service: string,
  address: string,
  { method = "GET", body, credentials = DUMMY_CREDENTIALS }: SignedCall = {},
): Promise<Response> => {
  const url = new URL(address);
  const { headers } = await signerOf(service, credentials).sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: { host: url.host, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body }),
  });
  const { host: _host, ...sent } = headers;
  return fetch(url, { method, headers: sent, ...(body === undefined ? {} : { body }) });
};
