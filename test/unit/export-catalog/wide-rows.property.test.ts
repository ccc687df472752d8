import { expect, it } from "vitest";
import { MAX_COLUMN_NAMES_BYTES } from "../../../lambdas/common/core/catalogs/ingest/ingest-limits.ts";
import type { ExportFormat } from "../../../lambdas/common/core/exports/export-job.ts";
import { newExportJob } from "../../../lambdas/common/core/exports/export-job.ts";
import { runExport } from "../../../lambdas/export-catalog/run-export.ts";
import { aProduct } from "../../helpers/products.ts";
import { aCatalog, asinNumber } from "../../helpers/rows.ts";
import { exportDeps, exportWorld, MemoryObjects } from "../../helpers/worlds/export-world.ts";
import { EXPORT_ID, jobOf, MESSAGE } from "./fixture.ts";
import { liveBytes } from "./live-bytes.ts";

/** What is alive beside the part that is being gathered (8 MiB) may be so much. */
const MAX_LIVE_BYTES = 48 * 1024 * 1024;

/** Makes rows of one length when they are read, and forgets what is written. Looks at the memory at every step. */
class MadeObjects extends MemoryObjects {
  readonly #rows: number;
  readonly #cells: (n: number) => readonly string[];
  readonly #before = liveBytes();
  peak = 0;
  lines = 0;

  constructor(rows: number, cells: (n: number) => readonly string[]) {
    super();
    this.#rows = rows;
    this.#cells = cells;
  }
  measure(): void {
    this.peak = Math.max(this.peak, liveBytes() - this.#before);
  }
  #line(n: number): string {
    const product_key = `www.amazon.com#${asinNumber(n)}`;
    return `${JSON.stringify({ line: 1_000_000 + n, verdict: "valid", product_key, cells: this.#cells(n) })}\n`;
  }
  override async readRange(_key: string, from: number, bytes: number): Promise<Buffer> {
    const size = this.#line(0).length;
    const first = Math.floor(from / size);
    const last = Math.min(this.#rows - 1, Math.floor((from + bytes - 1) / size));
    if (first > last) return Buffer.alloc(0);
    const text = Array.from({ length: last - first + 1 }, (_, index) => this.#line(first + index)).join("");
    return Buffer.from(Buffer.from(text).subarray(from - first * size, from - first * size + bytes));
  }
  override async put(_key: string, body: Uint8Array): Promise<void> {
    this.#count(body);
  }
  override async uploadPart(_key: string, _id: string, number: number, body: Uint8Array) {
    this.#count(body);
    return { number, etag: `e${number}`, checksum: null };
  }
  override async completeUpload(): Promise<void> {}
  #count(body: Uint8Array): void {
    this.measure();
    this.writes.push(body.length);
    for (let at = body.indexOf(0x0a); at >= 0; at = body.indexOf(0x0a, at + 1)) this.lines += 1;
  }
}

const exported = async (format: ExportFormat, columns: readonly string[], objects: MadeObjects, rows: number) => {
  const world = exportWorld(aCatalog({ columns: [...columns], tracking_id: null }), undefined);
  const job = newExportJob({
    export_id: EXPORT_ID,
    catalog_id: "cat_1",
    user_id: "user-1",
    tracking_id: null,
    format,
    row_state: null,
    file_name: `wide.${format}`,
    total_rows: rows,
    correlation_id: "corr-1",
    nowMs: world.nowMs,
  });
  world.exports.jobs.set(EXPORT_ID, job);
  let reads = 0;
  const getMany = async (keys: readonly string[]) => {
    reads += 1;
    if (reads % 5 === 0) objects.measure();
    return new Map(keys.map((key) => [key, aProduct({ product_id: key })]));
  };
  await runExport(exportDeps(world, { objects, products: { getMany } }), {
    message: MESSAGE,
    receiveCount: 1,
    remainingMs: 900_000,
  });
  expect(jobOf(world)).toMatchObject({ state: "ready", rows_written: rows });
  console.info(`${format}, ${rows} wide rows: peak of live memory ${(objects.peak / 1024 / 1024).toFixed(1)} MiB`);
  expect(objects.peak).toBeGreaterThan(0);
  expect(objects.peak).toBeLessThan(MAX_LIVE_BYTES);
  expect(Math.max(...objects.writes)).toBeLessThan(10 * 1024 * 1024);
};

it.each(["csv", "jsonl"] as const)(
  "writes rows of 100 KB as %s with the memory of a few megabytes",
  async (format) => {
    const ROWS = 1_000;
    const objects = new MadeObjects(ROWS, (n) => [asinNumber(n), asinNumber(n).padEnd(100_000, "x")]);
    await exported(format, ["asin", "note"], objects, ROWS);
    expect(objects.lines).toBe(ROWS + (format === "csv" ? 1 : 0));
  },
  60_000,
);

it("writes short rows under long column names as JSON lines, which repeat the names, with no more", async () => {
  const ROWS = 1_000;
  const objects = new MadeObjects(ROWS, (n) => [asinNumber(n)]);
  const columns = Array.from({ length: 500 }, (_, n) => `${n}`.padEnd(MAX_COLUMN_NAMES_BYTES / 500 - 1, "n"));
  await exported("jsonl", ["asin", ...columns.slice(1)], objects, ROWS);
  expect(objects.lines).toBe(ROWS);
}, 60_000);
