import { SignatureV4 } from "@smithy/signature-v4";
import { Sha256 } from "./sha256.ts";

const TARGET = "com.amazon.paapi5.v1.ProductAdvertisingAPIv1";

/** The call to sign. */
export interface UnsignedCall {
  /** Full address; its host is part of the signature. */
  readonly url: URL;
  /** Such as `GetItems`. */
  readonly operation: string;
  /** The body exactly as it will be sent. */
  readonly body: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Epoch milliseconds; PA-API tolerates 15 minutes either way. */
  readonly now: number;
}

/**
 * The headers of a PA-API call with `Authorization`: Signature Version 4 for the service `ProductAdvertisingAPI` over
 * the body's bytes. The HTTP client sets `host` itself, to the same value.
 */
export const signedHeaders = async (call: UnsignedCall): Promise<Record<string, string>> => {
  const signer = new SignatureV4({
    service: "ProductAdvertisingAPI",
    region: call.region,
    credentials: { accessKeyId: call.accessKey, secretAccessKey: call.secretKey },
    sha256: Sha256,
    applyChecksum: false,
  });
  const signed = await signer.sign(
    {
      method: "POST",
      protocol: call.url.protocol,
      hostname: call.url.hostname,
      path: call.url.pathname,
      headers: {
        "content-encoding": "amz-1.0",
        "content-type": "application/json; charset=utf-8",
        host: call.url.host,
        "x-amz-target": `${TARGET}.${call.operation}`,
      },
      body: call.body,
    },
    { signingDate: new Date(call.now) },
  );
  const { host: _host, ...headers } = signed.headers;
  return headers;
};
