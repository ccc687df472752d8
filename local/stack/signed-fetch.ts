import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import { DUMMY_CREDENTIALS, LOCAL_REGION } from "../aws-environment.ts";

type Bytes = string | ArrayBuffer | ArrayBufferView;

/** What the signer takes hashes from: one text each, so nothing has to be gathered. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>;

  constructor(secret?: Bytes) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }

  update(data: Bytes): void {
    this.#hash.update(bytesOf(data));
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }

  reset(): void {
    throw new Error("a hash is used once");
  }
}

const bytesOf = (data: Bytes): Uint8Array => {
  if (typeof data === "string") return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
};

/**
 * A call of the emulator's API by a service that has no client here, signed, because the emulator enforces IAM.
 * @param service as signatures name it, such as `apigateway`
 */
export const signedFetch = async (
  service: string,
  address: string,
  { method = "GET", body }: { readonly method?: string; readonly body?: string } = {},
): Promise<Response> => {
  const url = new URL(address);
  const signer = new SignatureV4({ service, region: LOCAL_REGION, credentials: DUMMY_CREDENTIALS, sha256: Sha256 });
  const { headers } = await signer.sign({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    headers: { host: url.host, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body }),
  });
  const { host: _host, ...sent } = headers;
  return fetch(url, { method, headers: sent, ...(body === undefined ? {} : { body }) });
};
