import { LambdaClient } from "@aws-sdk/client-lambda";
import { SignatureV4 } from "@smithy/signature-v4";
import { clientConfig } from "../aws-environment.ts";

/** What a call is beside its address. */
export interface SignedCall {
  /** @default "GET" */
  readonly method?: string;
  readonly body?: string;
  /** @default those of the account itself */
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

/**
 * A call of the emulator's API by a service that has no client here, signed, because the emulator enforces IAM.
 * @param service as signatures name it, such as `apigateway`
 */
export const signedFetch = async (
  service: string,
  address: string,
  { method = "GET", body, credentials }: SignedCall = {},
): Promise<Response> => {
  const url = new URL(address);
  // Any client has the hash that the SDK signs with.
  const { sha256 } = new LambdaClient(clientConfig(url.origin)).config;
  const signer = new SignatureV4({
    ...clientConfig(url.origin),
    ...(credentials ? { credentials } : {}),
    service,
    sha256,
  });
  const { headers } = await signer.sign({
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
