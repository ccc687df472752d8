import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { paapiError } from "./errors.ts";

const SERVICE = "ProductAdvertisingAPI";
const TOLERANCE_MS = 15 * 60 * 1000;
/** Headers that a caller must sign, or anybody could change what the request does. */
const MUST_BE_SIGNED = ["host", "x-amz-date", "x-amz-target"];

/** What an Authorization header claims. */
export interface Claim {
  readonly accessKey: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const incomplete = (message: string) => paapiError(400, "IncompleteSignatureException", "IncompleteSignature", message);
const wrong = () =>
  paapiError(401, "InvalidSignatureException", "InvalidSignature", "The request has not been correctly signed.");

/** Reads an Authorization header of AWS Signature Version 4. Throws ReplyError 400 when a part is missing. */
export const readClaim = (header: string | undefined): Claim => {
  if (!header) throw incomplete("The request does not contain an Authorization header.");
  const [scheme, rest = ""] = header.split(/\s+(.*)/s);
  if (scheme !== "AWS4-HMAC-SHA256") throw incomplete("The Authorization header must use AWS4-HMAC-SHA256.");
  const parts = new Map(
    rest.split(",").map((part): [string, string] => {
      const [name = "", ...value] = part.trim().split("=");
      return [name, value.join("=")];
    }),
  );
  const [accessKey = "", date = "", region = "", service = "", end = ""] = (parts.get("Credential") ?? "").split("/");
  const signedHeaders = (parts.get("SignedHeaders") ?? "").split(";").filter(Boolean);
  const signature = parts.get("Signature") ?? "";
  if (
    !accessKey ||
    !date ||
    !region ||
    !service ||
    end !== "aws4_request" ||
    signedHeaders.length === 0 ||
    !signature
  ) {
    throw incomplete("The Authorization header lacks a complete Credential, SignedHeaders or Signature.");
  }
  return { accessKey, date, region, service, signedHeaders, signature };
};

/** `20260102T030405Z` as epoch milliseconds, or undefined. */
const readAmzDate = (text: string): number | undefined => {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
};

const sha256 = (bytes: Buffer | string): string => createHash("sha256").update(bytes).digest("hex");
const hmac = (key: Buffer | string, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** One request as it came in, bytes and all. */
export interface SignedRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const canonicalQuery = (query: string): string =>
  query === ""
    ? ""
    : query
        .split("&")
        .map((pair) => (pair.includes("=") ? pair : `${pair}=`))
        .sort()
        .join("&");

const canonicalRequest = (request: SignedRequest, claim: Claim): string => {
  const [path = "/", query = ""] = request.target.split("?");
  const headers = claim.signedHeaders.map((name) => {
    const value = request.headers[name];
    if (value === undefined) throw wrong();
    const text = Array.isArray(value) ? value.join(",") : value;
    return `${name}:${text.trim().replace(/\s+/g, " ")}\n`;
  });
  return [
    request.method,
    path,
    canonicalQuery(query),
    headers.join(""),
    claim.signedHeaders.join(";"),
    sha256(request.body),
  ].join("\n");
};

/**
 * Verifies a signature over exactly the bytes that came in, with the headers that the caller chose to sign.
 * `atMs` is the simulator's time. Throws ReplyError: 400 incomplete, 401 expired or wrong.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const verifySignature = (
  request: SignedRequest,
  claim: Claim,
  secretKey: string,
  region: string,
  atMs: number,
): void => {
  const amzDate = request.headers["x-amz-date"];
  if (typeof amzDate !== "string") throw incomplete("The request lacks the x-amz-date header.");
  const signedAtMs = readAmzDate(amzDate);
  if (signedAtMs === undefined) throw incomplete("The x-amz-date header is not in the form 20260102T030405Z.");
  for (const name of MUST_BE_SIGNED) {
    if (!claim.signedHeaders.includes(name)) throw incomplete(`The header ${name} must be part of SignedHeaders.`);
  }
  if (Math.abs(atMs - signedAtMs) > TOLERANCE_MS) {
    throw paapiError(
      401,
      "RequestExpiredException",
      "RequestExpired",
      "The request is past its expiry or from the future: check your clock.",
    );
  }
  const inOrder = [...claim.signedHeaders].sort().join(";") === claim.signedHeaders.join(";");
  const scopeFits = claim.date === amzDate.slice(0, 8) && claim.service === SERVICE && claim.region === region;
  const contentHash = request.headers["x-amz-content-sha256"];
  const hashFits = contentHash === undefined || contentHash === sha256(request.body);
  if (!inOrder || !scopeFits || !hashFits) throw wrong();
  const scope = `${claim.date}/${claim.region}/${claim.service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", amzDate, scope, sha256(canonicalRequest(request, claim))].join("\n");
  const key = hmac(hmac(hmac(hmac(`AWS4${secretKey}`, claim.date), claim.region), claim.service), "aws4_request");
  const expected = hmac(key, toSign);
  const given = Buffer.from(claim.signature, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw wrong();
};
