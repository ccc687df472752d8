import { CognitoJwtVerifier } from "aws-jwt-verify";
import { FetchError, JwtBaseError } from "aws-jwt-verify/error";
import { SimpleJwksCache } from "aws-jwt-verify/jwk";
import { TransientError } from "../../core/errors.ts";

/** A wait for the pool's public keys; they are fetched once an instance, and again for a key that is not known. */
const FETCH_MS = 3_000;
/** Bytes of the public keys; a pool has two of half a kilobyte. */
const MAX_KEYS_BYTES = 64 * 1_024;

/** Whom a verified token names. */
export interface TokenOwner {
  /** The token's `sub`. */
  readonly userId: string;
  readonly username: string;
  readonly groups: readonly string[];
}

/** Where tokens come from, and who they must be for. */
export interface TokenVerifierOptions {
  readonly userPoolId: string;
  readonly clientId: string;
  /** Where the pool's public keys are; a path is one of the endpoint that the environment names. */
  readonly jwksAddress: string;
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** Verifies id and access tokens of one user pool and client: signature, issuer, client, kind and time. */
export class TokenVerifier {
  readonly #verify: (token: string) => Promise<Readonly<Record<string, unknown>>>;

  constructor({ userPoolId, clientId, jwksAddress }: TokenVerifierOptions) {
    const address = new URL(jwksAddress, process.env.AWS_ENDPOINT_URL).href;
    const jwksCache = new SimpleJwksCache({ fetcher: { fetch: () => fetchKeys(address) } });
    // Null: both kinds; the library refuses any other.
    const verifier = CognitoJwtVerifier.create({ userPoolId, clientId, tokenUse: null }, { jwksCache });
    this.#verify = async (token) => ({ ...(await verifier.verify(token)) });
  }

  /** Undefined for a token that is not good. @throws TransientError when the pool's public keys cannot be had now */
  async ownerOf(token: string): Promise<TokenOwner | undefined> {
    let claims: Readonly<Record<string, unknown>>;
    try {
      claims = await this.#verify(token);
    } catch (error) {
      if (error instanceof FetchError || !(error instanceof JwtBaseError)) {
        throw new TransientError("verifying a token failed for now", { cause: error });
      }
      return undefined;
    }
    const userId = textOf(claims.sub);
    const username = textOf(claims["cognito:username"]) ?? textOf(claims.username);
    if (userId === undefined || username === undefined) return undefined;
    const groups = claims["cognito:groups"];
    return { userId, username, groups: Array.isArray(groups) ? groups.map(String) : [] };
  }
}

const fetchKeys = async (address: string): Promise<ArrayBuffer> => {
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(FETCH_MS), redirect: "error" });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await bytesOf(response);
  } catch (error) {
    throw new FetchError(address, error);
  }
};

/** @throws Error for an answer that is longer than `MAX_KEYS_BYTES`, of which no more is read */
const bytesOf = async ({ body }: Response): Promise<ArrayBuffer> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the rest of the answer.
    if (bytes > MAX_KEYS_BYTES) throw new Error(`the public keys are longer than ${MAX_KEYS_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Uint8Array.from(Buffer.concat(chunks)).buffer;
};
