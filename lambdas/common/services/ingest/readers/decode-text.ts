import { isUtf8 } from "node:buffer";
import { brokenCatalog } from "../../../core/catalogs/ingest/ingest-errors.ts";
import type { DetectedEncoding } from "../../../core/catalogs/ingest/text-encoding.ts";

const LINE_FEED = 0x0a;

const undecodable = (encoding: string, line: number, cause?: unknown) =>
  brokenCatalog(
    "invalid_encoding",
    `The file is not ${encoding} text: line ${line} holds bytes that cannot be read. Save it as "CSV UTF-8" and upload it again.`,
    cause,
  );

const lineFeeds = (bytes: Buffer): number => {
  let count = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
  return count;
};

/** Bytes at the end that begin a character whose rest has not come yet: 0 to 3. */
const unfinished = (bytes: Buffer): number => {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return size > back ? back : 0;
  }
  return 0;
};

/** The line of the first byte that is no UTF-8, counted from the first line of `bytes`. */
const badLine = (bytes: Buffer): number => {
  let good = 0;
  let line = 0;
  for (;;) {
    const at = bytes.indexOf(LINE_FEED, good);
    if (at < 0 || !isUtf8(bytes.subarray(good, at))) return line;
    good = at + 1;
    line++;
  }
};

async function* checkUtf8(stream: AsyncIterable<Buffer>, bom: number): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  let skip = bom;
  let line = 1;
  for await (const chunk of stream) {
    const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    const whole = bytes.subarray(0, bytes.length - unfinished(bytes));
    held = bytes.subarray(whole.length);
    if (!isUtf8(whole)) throw undecodable("UTF-8", line + badLine(whole));
    line += lineFeeds(whole);
    const text = whole.subarray(Math.min(skip, whole.length));
    skip -= whole.length - text.length;
    if (text.length > 0) yield text;
  }
  if (held.length > 0) throw undecodable("UTF-8", line);
}

async function* fromUtf16(stream: AsyncIterable<Buffer>, encoding: "utf-16le" | "utf-16be"): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = 1;
  const decode = (chunk?: Buffer): Buffer => {
    try {
      return Buffer.from(chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode());
    } catch (error) {
      throw undecodable("UTF-16", line, error);
    }
  };
  for await (const chunk of stream) {
    const text = decode(chunk);
    line += lineFeeds(text);
    if (text.length > 0) yield text;
  }
  const last = decode();
  if (last.length > 0) yield last;
}

/**
 * Gives a catalog's text as UTF-8 without a byte-order mark, never cutting a character in two.
 * @throws ValidationError `invalid_encoding` with the line of the first bytes that cannot be read
 */
export const decodeText = (stream: AsyncIterable<Buffer>, detected: DetectedEncoding): AsyncIterable<Buffer> =>
  detected.encoding === "utf-8" ? checkUtf8(stream, detected.bom) : fromUtf16(stream, detected.encoding);
