import type { IncomingMessage } from "node:http";
import { pipeline, Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** Encodings that are read; what a request says that it accepts. */
export const ACCEPT_ENCODING = "gzip, deflate, br";

const decoderFor = (encoding: string | undefined) => {
  switch (encoding?.trim().toLowerCase()) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return undefined;
  }
};

/** Statuses whose answers have no body. */
const isEmpty = (status: number): boolean => status === 204 || status === 205 || status === 304;

/** An answer of Node's HTTP client as `fetch` gives it: headers, and the decoded body as a stream. */
export const toResponse = (answer: IncomingMessage): Response => {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(answer.headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  const status = answer.statusCode ?? 0;
  const statusText = answer.statusMessage ?? "";
  if (isEmpty(status)) {
    answer.resume();
    return new Response(null, { status, statusText, headers });
  }
  const decoder = decoderFor(answer.headers["content-encoding"]);
  // An error of either stream destroys both; whoever reads the body gets it.
  const body = decoder ? pipeline(answer, decoder, () => undefined) : answer;
  return new Response(Readable.toWeb(body) as ReadableStream, { status, statusText, headers });
};
