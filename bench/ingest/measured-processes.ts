import { createReadStream } from "node:fs";
import { performance } from "node:perf_hooks";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import * as z from "zod";
import type { CatalogSink } from "../../lambdas/core/ingest/catalog-sink.ts";
import { UPLOAD_LIMITS } from "../../lambdas/core/ingest/ingest-limits.ts";
import type { IngestCatalog } from "../../lambdas/core/ingest/ingest-report.ts";

/**
 * What a measured process does:
 *   csv-parse  reads the file with csv-parse alone, and counts its records
 *   judging    the product's ingest, from the file into a sink that gathers parts and drops them
 *   ingest     the product's ingest as deployed: the upload is streamed from S3, what comes of it is written to S3
 *   transfer   as much is read from and written to S3 with the product's own client, and nothing is done with it
 */
export const KINDS = ["csv-parse", "ingest", "judging", "transfer"] as const;
export type Kind = (typeof KINDS)[number];

export const WorkSchema = z.object({
  kind: z.enum(KINDS),
  file: z.string(),
  /** Address of the bundle. */
  product: z.string(),
  /** Bytes that `transfer` writes. */
  bytes: z.number(),
});
export type Work = z.infer<typeof WorkSchema>;

export const ResultSchema = z.object({
  milliseconds: z.number(),
  cpuMs: z.number(),
  peakMb: z.number(),
  rows: z.number(),
  found: z.string(),
});
export type Result = z.infer<typeof ResultSchema>;

const BUCKET = "bench";
const KEY = "uploads/catalog";

/** The product's reading path, wired as `ingest-catalog` wires it, and with its clients. */
export const PRODUCT = `
  import { createS3Client } from "./lambdas/adapters/aws-clients.ts";
  import { ingestCatalog } from "./lambdas/adapters/ingest/ingest-catalog.ts";
  import { S3CatalogSink } from "./lambdas/adapters/ingest/s3-catalog-sink.ts";
  import { UploadReader } from "./lambdas/adapters/uploads/upload-reader.ts";
  export { ingestCatalog };
  export const openUpload = async () => (await new UploadReader(createS3Client(), "${BUCKET}").open("${KEY}")).body;
  export const openSink = () => new S3CatalogSink({
    client: createS3Client(), bucket: "${BUCKET}", prefix: "catalogs/bench/1/",
    onCleanupFailure: (error) => { throw error; },
  });
`;

const callable = <Type>() => z.custom<Type>((value) => typeof value === "function");
const ProductSchema = z.object({
  ingestCatalog: callable<IngestCatalog>(),
  openUpload: callable<() => Promise<AsyncIterable<Uint8Array>>>(),
  openSink: callable<() => CatalogSink>(),
});

/** Bytes that the S3 sink gathers before it sends a part. */
const PART_BYTES = 5 * 1024 * 1024;

const droppingSink = (): CatalogSink => ({
  open: (name) => {
    let part: Buffer | undefined;
    let used = 0;
    return {
      key: name,
      write: async (bytes) => {
        part ??= Buffer.allocUnsafe(PART_BYTES);
        if (used + bytes.byteLength > PART_BYTES) used = 0;
        part.set(bytes, used);
        used += bytes.byteLength;
      },
      close: async () => {},
    };
  },
  abort: async () => {},
});

type Done = Pick<Result, "rows" | "found">;

const parseAlone = async (file: string): Promise<Done> => {
  let records = 0;
  const parser = parse({ relax_column_count: true });
  parser.on("data", () => {
    records++;
  });
  await pipeline(createReadStream(file), parser);
  return { rows: records - 1, found: "" };
};

const transfer = async (body: AsyncIterable<Uint8Array>, sink: CatalogSink, bytes: number): Promise<Done> => {
  const object = sink.open("transferred", "application/octet-stream");
  const block = Buffer.alloc(65_536, "x");
  let written = 0;
  for await (const _chunk of body) {
    // Reading and writing take turns, as in ingest.
    for (let blocks = 0; blocks < 2 && written < bytes; blocks += 1, written += block.length) await object.write(block);
  }
  for (; written < bytes; written += block.length) await object.write(block);
  await object.close();
  return { rows: 0, found: "" };
};

const work = async ({ kind, file, product, bytes }: Work): Promise<Done> => {
  if (kind === "csv-parse") return parseAlone(file);
  const { ingestCatalog, openUpload, openSink } = ProductSchema.parse({ ...(await import(product)) });
  if (kind === "transfer") return transfer(await openUpload(), openSink(), bytes);
  const isDeployed = kind === "ingest";
  const body = isDeployed ? await openUpload() : createReadStream(file);
  const input = { body, content_type: "text/csv", marketplace: "www.amazon.com", limits: UPLOAD_LIMITS };
  const { rows } = await ingestCatalog(input, isDeployed ? openSink() : droppingSink());
  return { rows: rows.total, found: `${rows.valid} valid, ${rows.duplicates} duplicates, ${rows.rejected} rejected` };
};

/** Body of a measured process: does its work and prints what it took, the loading of its code included. */
export const runMeasured = async (text: string): Promise<void> => {
  const start = performance.now();
  const done = await work(WorkSchema.parse(JSON.parse(text)));
  const usage = process.resourceUsage();
  const result: Result = {
    ...done,
    milliseconds: performance.now() - start,
    cpuMs: (usage.userCPUTime + usage.systemCPUTime) / 1_000,
    // maxRSS is in kilobytes. @see https://nodejs.org/api/process.html#processresourceusage
    peakMb: usage.maxRSS / 1_024,
  };
  console.log(JSON.stringify(result));
};
