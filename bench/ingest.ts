import { execFile } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";
import { parseArgs, promisify } from "node:util";
import { parse } from "csv-parse";
import * as z from "zod";
import type { CatalogSink } from "../lambdas/core/ingest/catalog-sink.ts";
import { UPLOAD_LIMITS } from "../lambdas/core/ingest/ingest-limits.ts";
import type { IngestCatalog } from "../lambdas/core/ingest/ingest-report.ts";

/*
 * Ingest of a large CSV file beside bare csv-parse on the same file: `node bench/ingest.ts --rows 1000000 --pairs 3`.
 * Each run is a process of its own, so that peak memory is its own; the two kinds take turns, so that a slow moment of
 * the machine meets both. What is measured is the bundle that a function would carry.
 */

const MB = 1024 * 1024;
/** Bytes that the S3 sink gathers before it sends a part; the bench's sink holds as much, and then drops it. */
const PART_BYTES = 5 * MB;

const ResultSchema = z.object({
  milliseconds: z.number(),
  cpu_ms: z.number(),
  peak_mb: z.number(),
  rows: z.number(),
  found: z.string(),
});
type Result = z.infer<typeof ResultSchema>;

/** Pseudo-random numbers from 0 to 1 by mulberry32, so that every run reads the same file. */
const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const WORDS = "Stainless Steel Water Bottle Kitchen Knife Set Wireless Charger Cotton Shirt Garden Hose Lamp".split(
  " ",
);

/** A catalog in which 1 % of the rows repeat a product, 0.5 % are bad and a third of the titles are quoted. */
function* csvLines(rows: number): Generator<string> {
  const random = randomFrom(20_260_515);
  yield "asin,sku,title\n";
  let chunk = "";
  for (let row = 1; row <= rows; row++) {
    const number = random() < 0.01 ? Math.floor(random() * row) : row;
    const asin = random() < 0.005 ? `B0${number}` : `B0${number.toString(36).toUpperCase().padStart(8, "0")}`;
    const words = Array.from({ length: 12 }, () => WORDS[Math.floor(random() * WORDS.length)]);
    const title = random() < 0.33 ? `"${words.join(", ")} 12"" Édition"` : words.join(" ");
    chunk += `${asin},${row},${title}\n`;
    if (chunk.length < 65_536) continue;
    yield chunk;
    chunk = "";
  }
  yield chunk;
}

const partSink = (): CatalogSink => ({
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

const runBare = async (file: string): Promise<{ rows: number; found: string }> => {
  let records = 0;
  const parser = parse({ relax_column_count: true });
  parser.on("data", () => {
    records++;
  });
  await pipeline(createReadStream(file), parser);
  return { rows: records - 1, found: "" };
};

const runIngest = async (file: string, bundle: string): Promise<{ rows: number; found: string }> => {
  const BundleSchema = z.object({
    ingestCatalog: z.custom<IngestCatalog>((value) => typeof value === "function", "the bundle lacks ingestCatalog"),
  });
  const { ingestCatalog } = BundleSchema.parse({ ...(await import(pathToFileURL(bundle).href)) });
  const input = { body: createReadStream(file), content_type: "text/csv", marketplace: "www.amazon.com" };
  const { rows } = await ingestCatalog({ ...input, limits: UPLOAD_LIMITS }, partSink());
  return { rows: rows.total, found: `${rows.valid} valid, ${rows.duplicates} duplicates, ${rows.rejected} rejected` };
};

const runChild = async (kind: string, file: string, bundle: string): Promise<void> => {
  const start = performance.now();
  const done = kind === "bare" ? await runBare(file) : await runIngest(file, bundle);
  const usage = process.resourceUsage();
  const result: Result = {
    ...done,
    milliseconds: performance.now() - start,
    cpu_ms: (usage.userCPUTime + usage.systemCPUTime) / 1000,
    // maxRSS is in kilobytes. @see https://nodejs.org/api/process.html#processresourceusage
    peak_mb: usage.maxRSS / 1024,
  };
  console.log(JSON.stringify(result));
};

const measure = async (kind: "bare" | "ingest", file: string, bundle: string): Promise<Result> => {
  const self = import.meta.filename;
  const { stdout } = await promisify(execFile)(process.execPath, [
    self,
    "--child",
    kind,
    "--file",
    file,
    "--bundle",
    bundle,
  ]);
  return ResultSchema.parse(JSON.parse(stdout));
};

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

const runParent = async (rows: number, pairs: number): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), "enrichline-bench-"));
  try {
    const file = join(folder, "catalog.csv");
    await pipeline(Readable.from(csvLines(rows)), createWriteStream(file));
    const bundle = join(folder, "ingest.mjs");
    // Here and not at the top, so that the measured processes do not carry it.
    const { build } = await import("esbuild");
    await build({
      entryPoints: [join(import.meta.dirname, "../lambdas/adapters/ingest/ingest-catalog.ts")],
      outfile: bundle,
      bundle: true,
      platform: "node",
      format: "esm",
    });
    console.log(`${rows.toLocaleString("en-US")} rows, ${((await stat(file)).size / MB).toFixed(1)} MB of CSV`);
    const table = [];
    const ratios: number[] = [];
    const cpuRatios: number[] = [];
    for (let pair = 1; pair <= pairs; pair++) {
      const bare = await measure("bare", file, bundle);
      const ingest = await measure("ingest", file, bundle);
      if (bare.rows !== rows || ingest.rows !== rows)
        throw new Error(`expected ${rows} rows, got ${bare.rows} and ${ingest.rows}`);
      ratios.push(ingest.milliseconds / bare.milliseconds);
      cpuRatios.push(ingest.cpu_ms / bare.cpu_ms);
      table.push({
        pair,
        "csv-parse s": (bare.milliseconds / 1000).toFixed(2),
        "ingest s": (ingest.milliseconds / 1000).toFixed(2),
        ratio: (ingest.milliseconds / bare.milliseconds).toFixed(2),
        "CPU ratio": (ingest.cpu_ms / bare.cpu_ms).toFixed(2),
        "csv-parse peak MB": bare.peak_mb.toFixed(0),
        "ingest peak MB": ingest.peak_mb.toFixed(0),
        found: ingest.found,
      });
    }
    console.table(table);
    console.log(
      `median ratio ${median(ratios).toFixed(2)} (goal: at most 2; by CPU time, which other work on the machine disturbs less, ${median(cpuRatios).toFixed(2)})`,
    );
    console.log("peak memory goal: under 256 MB");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    pairs: { type: "string", default: "3" },
    child: { type: "string" },
    file: { type: "string", default: "" },
    bundle: { type: "string", default: "" },
  },
});
if (values.child !== undefined) await runChild(values.child, values.file, values.bundle);
else
  await runParent(
    z.coerce.number().int().positive().parse(values.rows),
    z.coerce.number().int().positive().parse(values.pairs),
  );
