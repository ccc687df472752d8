import type { ColumnChoice } from "../../../core/catalogs/ingest/columns/row-layout.ts";
import { claimedFormat, recogniseFormat } from "../../../core/catalogs/ingest/formats/catalog-format.ts";
import { sniffDialect } from "../../../core/catalogs/ingest/formats/csv-dialect.ts";
import { refuseBinary } from "../../../core/catalogs/ingest/formats/refuse-binary.ts";
import { type DetectedEncoding, detectEncoding } from "../../../core/catalogs/ingest/formats/text-encoding.ts";
import { emptyCatalog, tooManyBytes, unsupportedMedia } from "../../../core/catalogs/ingest/ingest-errors.ts";
import type { IngestLimits } from "../../../core/catalogs/ingest/ingest-limits.ts";
import type { IngestOptions } from "../../../core/catalogs/ingest/ingest-options.ts";
import type { IngestInput } from "../../../core/catalogs/ingest/ingest-report.ts";
import { CsvReader } from "./csv-reader.ts";
import { decodeText } from "./decode-text.ts";
import { JsonReader } from "./json-reader.ts";
import { NdjsonReader } from "./ndjson-reader.ts";
import { peek } from "./peek.ts";
import type { RowReader } from "./row-reader.ts";

/** Bytes by which encoding, format and delimiter are recognised; a header is never longer. */
const HEAD_BYTES = 65_536;
const ZEROS_LOOKED_FOR_IN_BYTES = 1024;

/** A catalog ready to be read. */
export interface OpenCatalog {
  readonly format: "csv" | "ndjson" | "json";
  readonly reader: RowReader;
  /** How the encoding was guessed, once that is known; undefined when nothing was. */
  readonly note: string | undefined;
  /** Bytes that have come in so far. */
  readonly bytes: () => number;
  /** Ends the body, so that its connection is not held; of no effect once it is read to its end. */
  readonly close: () => Promise<void>;
}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  limits: IngestLimits,
  onBytes: (total: number) => void,
): AsyncGenerator<Buffer> {
  let total = 0;
  for await (const chunk of body) {
    total += chunk.byteLength;
    if (total > limits.bytes) throw tooManyBytes(limits);
    onBytes(total);
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}

/** Refuses what has so many zero bytes that it can be no text; a few may be in a damaged title. */
const refuseZeros = (head: Buffer, { encoding }: DetectedEncoding): void => {
  const start = head.subarray(0, ZEROS_LOOKED_FOR_IN_BYTES);
  if (encoding === "utf-8" && start.filter((byte) => byte === 0).length > start.length / 16) {
    throw unsupportedMedia("The file is not text. Send CSV, NDJSON or JSON.");
  }
};

/** The start of a text up to its last delimiter, so that no ASIN at its end is cut in two. */
const wholeWords = (head: string): string => {
  let end = head.length;
  while (end > 0 && !/[\s,;|]/.test(head[end - 1] ?? "")) end--;
  return head.slice(0, end);
};

const readerOf = (
  format: OpenCatalog["format"],
  text: AsyncIterable<Buffer>,
  head: string,
  choice: ColumnChoice = {},
): RowReader => {
  if (format === "json") return new JsonReader(text, choice);
  return format === "ndjson" ? new NdjsonReader(text, choice) : new CsvReader(text, sniffDialect(head, choice), choice);
};

/**
 * Looks at the first bytes of a catalog and picks the reader for it.
 * @throws ValidationError 415 for what is no list of text, 400 `empty_file`, `invalid_encoding` or `malformed_json`,
 * 413 when even the first bytes are too many
 */
export const openCatalog = async (input: IngestInput, options: IngestOptions = {}): Promise<OpenCatalog> => {
  claimedFormat(input.contentType);
  let bytes = 0;
  let note: string | undefined;
  const stream = counted(input.body, input.limits, (total) => {
    bytes = total;
  });
  const close = async () => {
    await stream.return(undefined);
  };
  try {
    const raw = await peek(stream, HEAD_BYTES);
    refuseBinary(raw.head, input.fileName);
    const detected = detectEncoding(raw.head, options.encoding);
    refuseZeros(raw.head, detected);
    const decoded = decodeText(raw.all, detected, options.encoding !== undefined, (guess) => {
      note = guess;
    });
    const text = await peek(decoded, HEAD_BYTES);
    const head = text.head.toString();
    const isCut = text.head.length === HEAD_BYTES;
    if (head.trim() === "" && !isCut) throw emptyCatalog("The file is empty.");
    const format = recogniseFormat(head, input.contentType, input.fileName);
    return {
      format,
      reader: readerOf(format, text.all, isCut ? wholeWords(head) : head, options.columns),
      get note() {
        return note;
      },
      bytes: () => bytes,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};
