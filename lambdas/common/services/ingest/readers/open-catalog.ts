import { claimedFormat, recogniseFormat } from "../../../core/catalogs/ingest/catalog-format.ts";
import { sniffDialect } from "../../../core/catalogs/ingest/csv-dialect.ts";
import { emptyCatalog, tooManyBytes, unsupportedMedia } from "../../../core/catalogs/ingest/ingest-errors.ts";
import type { IngestLimits } from "../../../core/catalogs/ingest/ingest-limits.ts";
import type { IngestInput } from "../../../core/catalogs/ingest/ingest-report.ts";
import { refuseBinary } from "../../../core/catalogs/ingest/refuse-binary.ts";
import { type DetectedEncoding, detectEncoding } from "../../../core/catalogs/ingest/text-encoding.ts";
import { CsvReader } from "./csv-reader.ts";
import { decodeText } from "./decode-text.ts";
import { JsonReader } from "./json-reader.ts";
import { NdjsonReader } from "./ndjson-reader.ts";
import { peek } from "./peek.ts";
import type { RowReader } from "./row-reader.ts";

/** Bytes looked at to tell encoding, format and delimiter; a header is never longer. */
const HEAD_BYTES = 65_536;
const ZEROS_LOOKED_FOR_IN_BYTES = 1024;

/** A catalog ready to be read. */
export interface OpenCatalog {
  readonly format: "csv" | "ndjson" | "json";
  readonly reader: RowReader;
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

/** Refuses what has so many zero bytes that it can be no text; a few may stand in a damaged title. */
const refuseZeros = (head: Buffer, { encoding }: DetectedEncoding): void => {
  const start = head.subarray(0, ZEROS_LOOKED_FOR_IN_BYTES);
  if (encoding === "utf-8" && start.filter((byte) => byte === 0).length > start.length / 16) {
    throw unsupportedMedia("The file is not text. Send CSV, NDJSON or JSON.");
  }
};

const readerOf = (format: OpenCatalog["format"], text: AsyncIterable<Buffer>, head: string): RowReader => {
  if (format === "json") return new JsonReader(text);
  return format === "ndjson" ? new NdjsonReader(text) : new CsvReader(text, sniffDialect(head));
};

/**
 * Looks at the first bytes of a catalog and picks the reader for it.
 * @throws ValidationError 415 for what is no list of text, 400 `empty_file`, `invalid_encoding` or `malformed_json`,
 * 413 when even the first bytes are too many
 */
export const openCatalog = async (input: IngestInput): Promise<OpenCatalog> => {
  claimedFormat(input.contentType);
  let bytes = 0;
  const stream = counted(input.body, input.limits, (total) => {
    bytes = total;
  });
  const close = async () => {
    await stream.return(undefined);
  };
  try {
    const raw = await peek(stream, HEAD_BYTES);
    refuseBinary(raw.head, input.fileName);
    const detected = detectEncoding(raw.head);
    refuseZeros(raw.head, detected);
    const text = await peek(decodeText(raw.all, detected), HEAD_BYTES);
    const head = text.head.toString();
    if (head.trim() === "" && text.head.length < HEAD_BYTES) throw emptyCatalog("The file is empty.");
    const format = recogniseFormat(head, input.contentType, input.fileName);
    return { format, reader: readerOf(format, text.all, head), bytes: () => bytes, close };
  } catch (error) {
    await close();
    throw error;
  }
};
