import { createReadStream } from "node:fs";
import { performance } from "node:perf_hooks";
import { pipeline } from "node:stream/promises";
import { parse } from "csv-parse";
import type { CatalogSink } from "../../lambdas/common/core/catalogs/ingest/catalog-sink.ts";
import { UPLOAD_LIMITS } from "../../lambdas/common/core/catalogs/ingest/ingest-limits.ts";
import type { IngestCatalog } from "../../lambdas/common/core/catalogs/ingest/ingest-report.ts";
import type { Result, Work } from "./measured-work.ts";

/*
 * A measured process: does the work of its argument and prints what it took. It imports nothing but what the work needs,
 * for all it loads counts as its time and memory.
 */

interface Product {
  readonly ingestCatalog: IngestCatalog;
  readonly openUpload: () => Promise<AsyncIterable<Uint8Array>>;
  readonly openSink: () => CatalogSink;
}

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
    // Reading and writing alternate, as in ingest.
    for (let blocks = 0; blocks < 2 && written < bytes; blocks += 1, written += block.length) await object.write(block);
  }
  for (; written < bytes; written += block.length) await object.write(block);
  await object.close();
  return { rows: 0, found: "" };
};

const work = async ({ kind, file, product, bytes }: Work): Promise<Done> => {
  if (kind === "csv-parse") return parseAlone(file);
  const { ingestCatalog, openUpload, openSink }: Product = await import(product);
  if (kind === "transfer") return transfer(await openUpload(), openSink(), bytes);
  const isDeployed = kind === "ingest";
  const body = isDeployed ? await openUpload() : createReadStream(file);
  const input = { body, contentType: "text/csv", marketplace: "www.amazon.com", limits: UPLOAD_LIMITS };
  const { rows } = await ingestCatalog(input, isDeployed ? openSink() : droppingSink());
  return { rows: rows.total, found: `${rows.valid} valid, ${rows.duplicates} duplicates, ${rows.rejected} rejected` };
};

const start = performance.now();
const given: Work = JSON.parse(process.argv[2] ?? "");
const done = await work(given);
const usage = process.resourceUsage();
const result: Result = {
  ...done,
  milliseconds: performance.now() - start,
  cpuMs: (usage.userCPUTime + usage.systemCPUTime) / 1_000,
  // maxRSS is in kilobytes. @see https://nodejs.org/api/process.html#processresourceusage
  peakMb: usage.maxRSS / 1_024,
};
console.log(JSON.stringify(result));
