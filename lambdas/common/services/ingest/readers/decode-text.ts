import { isAscii, isUtf8 } from "node:buffer";
import { guessEncoding } from "../../../core/catalogs/ingest/formats/guess-encoding.ts";
import type { DetectedEncoding, TextEncoding } from "../../../core/catalogs/ingest/formats/text-encoding.ts";
import { brokenCatalog } from "../../../core/catalogs/ingest/ingest-errors.ts";

const LINE_FEED = 0x0a;
/** Bytes from the first one that is no ASCII on, by which text that is no UTF-8 is recognised. */
const SAMPLE_BYTES = 65_536;

const NAMES: Readonly<Record<TextEncoding, string>> = {
  "utf-8": "UTF-8",
  "utf-16le": "UTF-16",
  "utf-16be": "UTF-16",
  "windows-1252": "Windows-1252",
  shift_jis: "Shift-JIS",
};

const undecodable = (encoding: TextEncoding, line: number, cause?: unknown) =>
  brokenCatalog(
    "invalid_encoding",
    `The file is not ${NAMES[encoding]} text: line ${line} holds bytes that cannot be read. Save it as "CSV UTF-8" and upload it again.`,
    cause,
  );

/** What the user reads about a guess. */
const guessed = (encoding: TextEncoding): string =>
  `The file is not UTF-8; by its letters it was read as ${NAMES[encoding]}. If names look wrong, save it as "CSV UTF-8" and upload it again.`;

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

async function* checkUtf8(stream: AsyncIterable<Buffer>, bom: number, firstLine: number): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  let skip = bom;
  let line = firstLine;
  for await (const chunk of stream) {
    const bytes = held.length > 0 ? Buffer.concat([held, chunk]) : chunk;
    const whole = bytes.subarray(0, bytes.length - unfinished(bytes));
    held = bytes.subarray(whole.length);
    if (!isUtf8(whole)) throw undecodable("utf-8", line + badLine(whole));
    line += lineFeeds(whole);
    const text = whole.subarray(Math.min(skip, whole.length));
    skip -= whole.length - text.length;
    if (text.length > 0) yield text;
  }
  if (held.length > 0) throw undecodable("utf-8", line);
}

async function* decodeOther(
  stream: AsyncIterable<Buffer>,
  encoding: Exclude<TextEncoding, "utf-8">,
  firstLine: number,
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let line = firstLine;
  const decode = (chunk?: Buffer): Buffer => {
    try {
      return Buffer.from(chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode());
    } catch (error) {
      throw undecodable(encoding, line, error);
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

async function* startingWith(first: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield* first;
  for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
}

const firstHigh = (bytes: Buffer): number => bytes.findIndex((byte) => byte >= 0x80);

/** Passes on what is ASCII, which is the same in all of them, and takes a sample of what follows before it decides. */
async function* decodeUnknown(stream: AsyncIterable<Buffer>, onGuess: (note: string) => void): AsyncGenerator<Buffer> {
  const rest = stream[Symbol.asyncIterator]();
  try {
    let line = 1;
    for (let next = await rest.next(); !next.done; next = await rest.next()) {
      if (isAscii(next.value)) {
        line += lineFeeds(next.value);
        yield next.value;
        continue;
      }
      const start = firstHigh(next.value);
      const plain = next.value.subarray(0, start);
      line += lineFeeds(plain);
      if (plain.length > 0) yield plain;
      const pieces = [next.value.subarray(start)];
      let size = next.value.length - start;
      let isWhole = false;
      while (size < SAMPLE_BYTES && !isWhole) {
        const more = await rest.next();
        if (more.done) isWhole = true;
        else {
          pieces.push(more.value);
          size += more.value.length;
        }
      }
      const sample = Buffer.concat(pieces).subarray(0, SAMPLE_BYTES);
      const isGood = isUtf8(sample.subarray(0, sample.length - unfinished(sample)));
      const encoding = isGood ? undefined : guessEncoding(sample);
      if (encoding) onGuess(guessed(encoding));
      const whole = startingWith(pieces, rest);
      yield* encoding ? decodeOther(whole, encoding, line) : checkUtf8(whole, 0, line);
      return;
    }
  } finally {
    await rest.return?.();
  }
}

/**
 * Gives a catalog's text as UTF-8 without a byte-order mark, never cutting a character in two.
 * @param isKnown whether the encoding is known, by a mark or by the user; else text that is no UTF-8 is guessed at
 * @param onGuess gets what was guessed, before the text that was read by it
 * @throws ValidationError `invalid_encoding` with the line of the first bytes that cannot be read
 */
export const decodeText = (
  stream: AsyncIterable<Buffer>,
  { encoding, bom }: DetectedEncoding,
  isKnown: boolean,
  onGuess: (note: string) => void,
): AsyncIterable<Buffer> => {
  if (encoding !== "utf-8") return decodeOther(stream, encoding, 1);
  return isKnown || bom > 0 ? checkUtf8(stream, bom, 1) : decodeUnknown(stream, onGuess);
};
