import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs, promisify } from "node:util";
import * as z from "zod";
import { INGEST_NODE_OPTIONS } from "../lambdas/common/core/catalogs/ingest/node-options.ts";
import { emulatorEnvironment } from "../local/aws-environment.ts";
import { csvLines } from "./ingest/catalog-file.ts";
import { KINDS, type Kind, PRODUCT, type Result, ResultSchema, type Work } from "./ingest/measured-work.ts";
import { runObjectServer, type Served, ServedSchema } from "./ingest/object-server.ts";
import { bundle } from "./shared/bundle.ts";
import { Report } from "./shared/report.ts";
import { median } from "./shared/statistics.ts";
import { stopOnSignal } from "./shared/stop-on-signal.ts";

/*
 * Ingest of a large CSV file beside bare csv-parse on the same file: `node bench/ingest.ts --rows 1000000 --rounds 3`.
 * The product's reading path is bundled with its S3 client, upload reader and object writers, as `ingest-catalog` carries
 * them, and streams from and to a small HTTP server that answers S3's calls: an emulator would take longer than what is
 * measured. What that transfer takes by itself, and what ingest takes without it, is measured beside it. Every process
 * is measured alone, so that its peak memory is its own, and has the options of Node that the function has; the kinds
 * alternate, so that a slow moment affects all of them.
 */

const MB = 1024 * 1024;
const MEASURED = join(import.meta.dirname, "ingest/measured-process.ts");

const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000000" },
    rounds: { type: "string", default: "3" },
    json: { type: "boolean", default: false },
    // A process of this bench's own.
    serve: { type: "string" },
  },
});

const AddressSchema = z.object({ port: z.number() });

const startServer = async (file: string) => {
  const child = fork(import.meta.filename, ["--serve", file]);
  const [address] = await once(child, "message");
  const url = `http://127.0.0.1:${AddressSchema.parse(address).port}`;
  const take = async (): Promise<Served> => ServedSchema.parse(await (await fetch(`${url}/served`)).json());
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill();
    await gone;
  };
  return { url, take, stop };
};

interface Measured extends Result {
  readonly served: Served;
}

const row = (kind: Kind, results: readonly Measured[], bare: readonly Measured[]) => {
  const of = (pick: (one: Measured) => number): number => median(results.map(pick));
  const ratio = (pick: (one: Measured) => number): string =>
    median(results.map((one, round) => pick(one) / pick(bare[round] ?? one))).toFixed(2);
  const { requests, bytesIn } = results[0]?.served ?? { requests: {}, bytesIn: 0 };
  return {
    what: kind,
    "s, median": (of((one) => one.milliseconds) / 1_000).toFixed(2),
    "times csv-parse": ratio((one) => one.milliseconds),
    "CPU s": (of((one) => one.cpuMs) / 1_000).toFixed(2),
    "CPU times csv-parse": ratio((one) => one.cpuMs),
    "peak RSS MB": Math.max(...results.map((one) => one.peakMb)).toFixed(0),
    "server CPU s": (of((one) => one.served.cpuMs) / 1_000).toFixed(2),
    "MB to S3": (bytesIn / MB).toFixed(0),
    "S3 requests": Object.values(requests).reduce((sum, times) => sum + times, 0),
    found: results[0]?.found ?? "",
  };
};

const runParent = async (rows: number, rounds: number): Promise<void> => {
  const report = new Report("ingest", { rows, rounds }, values.json);
  const folder = await mkdtemp(join(tmpdir(), "enrichline-bench-"));
  const running = new AbortController();
  const cleanUp: (() => Promise<void>)[] = [async () => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    running.abort();
    for (const step of cleanUp.splice(0).reverse()) await step();
  };
  stopOnSignal(stop);
  try {
    const file = join(folder, "catalog.csv");
    await pipeline(Readable.from(csvLines(rows)), createWriteStream(file));
    const product = await bundle(PRODUCT, join(folder, "ingest.mjs"));
    const server = await startServer(file);
    cleanUp.push(server.stop);
    report.say(`${rows.toLocaleString("en-US")} rows, ${((await stat(file)).size / MB).toFixed(1)} MB of CSV`);
    let bytes = 0;
    const measure = async (kind: Kind): Promise<Measured> => {
      const given: Work = { kind, file, product, bytes };
      await server.take();
      const { stdout } = await promisify(execFile)(
        process.execPath,
        [...INGEST_NODE_OPTIONS, MEASURED, JSON.stringify(given)],
        {
          env: emulatorEnvironment(server.url),
          signal: running.signal,
        },
      );
      const result = { ...ResultSchema.parse(JSON.parse(stdout)), served: await server.take() };
      checkWhole(kind, rows, result);
      if (kind === "ingest") bytes = result.served.bytesIn;
      return result;
    };
    const results = new Map<Kind, Measured[]>(KINDS.map((kind) => [kind, []]));
    for (let round = 1; round <= rounds; round += 1) {
      for (const kind of KINDS) results.get(kind)?.push(await measure(kind));
      report.say(`round ${round} of ${rounds} is done`);
    }
    const bare = results.get("csv-parse") ?? [];
    const table = KINDS.map((kind) => row(kind, results.get(kind) ?? [], bare));
    report.finish(
      table,
      [
        "csv-parse: the file is parsed and its records counted; ingest: the product's path from S3 to S3 (goal: at most 2 times csv-parse, under 256 MB)",
        "judging: ingest from the file into a sink that drops its parts; transfer: as many bytes from and to S3 with the product's client, and nothing else",
        "The server runs beside, on the same processors; over plain HTTP there is no encryption to pay for.",
      ],
      { results: Object.fromEntries(results) },
    );
  } finally {
    await stop();
  }
};

/** @throws Error when a process did not do all of its work, so that its time says nothing */
const checkWhole = (kind: Kind, rows: number, { rows: read, served }: Measured): void => {
  if (kind !== "transfer" && read !== rows) throw new Error(`${kind} read ${read} of ${rows} rows`);
  const written = served.lines["rows.ndjson"];
  if (kind === "ingest" && written !== rows) throw new Error(`${written} of ${rows} rows were written`);
};

const count = z.coerce.number().int().positive();
if (values.serve !== undefined) await runObjectServer(values.serve);
else await runParent(count.parse(values.rows), count.parse(values.rounds));
