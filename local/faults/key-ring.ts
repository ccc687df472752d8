import type { IncomingHttpHeaders } from "node:http";
import { DUMMY_CREDENTIALS } from "../aws-environment.ts";
import { type SigningKeys, signerOf } from "../emulator/signer.ts";

/** What a signature is for; the body is what it will be sent with. */
export interface Unsigned {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Access key and service of a signature, from its scope. */
const SCOPE = /Credential=([^/]+)\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;
/** Headers that the emulator asks to be signed, or routes by. */
const SIGNED = ["host", "content-type", "x-amz-target"];

const headersOf = (headers: IncomingHttpHeaders, isWanted: (name: string) => boolean): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      isWanted(name) && value !== undefined ? [[name, String(value)]] : [],
    ),
  );

/** The keys that callers sign with, so that what is changed on the way is still theirs, and judged by their rights. */
export class KeyRing {
  readonly #keys = new Map<string, SigningKeys>([[DUMMY_CREDENTIALS.accessKeyId, DUMMY_CREDENTIALS]]);

  add(keys: SigningKeys): void {
    this.#keys.set(keys.accessKeyId, keys);
  }

  /**
   * Signs a request anew as the caller who signed it before.
   * @returns its headers; as they came when nobody knows the caller's keys, which an emulator that checks nothing takes
   */
  async signAsCaller(request: Unsigned): Promise<IncomingHttpHeaders> {
    const accessKeyId = SCOPE.exec(request.headers.authorization ?? "")?.[1] ?? "";
    const keys = this.#keys.get(accessKeyId);
    return keys === undefined ? request.headers : this.#sign(request, keys);
  }

  /** Signs a request anew as the account itself, which may do all. */
  signAsAccount(request: Unsigned): Promise<IncomingHttpHeaders> {
    return this.#sign(request, DUMMY_CREDENTIALS);
  }

  async #sign({ method, path, headers, body }: Unsigned, keys: SigningKeys): Promise<IncomingHttpHeaders> {
    const service = SCOPE.exec(headers.authorization ?? "")?.[2] ?? "";
    const url = new URL(path, "http://127.0.0.1");
    const signed = await signerOf(service, keys).sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: headersOf(headers, (name) => SIGNED.includes(name)),
      body,
    });
    // The SDK writes the new ones in small letters, so that they take the place of the old ones.
    const { "x-amz-security-token": _token, ...others } = headers;
    return { ...others, ...signed.headers };
  }
}
