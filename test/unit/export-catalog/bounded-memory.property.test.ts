import { expect, it } from "vitest";
import { batchId } from "../../../lambdas/common/core/batches/batch-row.ts";
import { newExportJob } from "../../../lambdas/common/core/exports/export-job.ts";
import { runExport } from "../../../lambdas/export-catalog/run-export.ts";
import { aProduct } from "../../helpers/products.ts";
import { aBatch, aCatalog, anItem, aRun, asinNumber } from "../../helpers/rows.ts";
import { exportDeps, exportWorld, MemoryObjects } from "../../helpers/worlds/export-world.ts";
import { EXPORT_ID, jobOf, MESSAGE } from "./fixture.ts";
import { liveBytes } from "./live-bytes.ts";

const ROWS = 200_000;
const SHOPS = ["www.amazon.com", "www.amazon.de"];
const BATCH = 20;
const MAX_LIVE_BYTES = 48 * 1024 * 1024;

/** A row of the file, always of the same length, so that any range of it can be made without the rest. */
const line = (n: number): string =>
  `${JSON.stringify({
    line: 1_000_000 + n,
    verdict: "valid",
    product_key: `${SHOPS[n % 2]}#${asinNumber(n)}`,
    cells: [asinNumber(n), `${n % 2 === 0 ? "" : "x"}note ${asinNumber(n)}`],
  })}\n`;
const LINE_BYTES = line(0).length;

/** Makes the rows when they are read and forgets what is written; counts what passes. */
class EndlessObjects extends MemoryObjects {
  outBytes = 0;
  lines = 0;
  override async readRange(_key: string, from: number, bytes: number): Promise<Buffer> {
    const first = Math.floor(from / LINE_BYTES);
    const last = Math.min(ROWS - 1, Math.floor((from + bytes - 1) / LINE_BYTES));
    if (first > last) return Buffer.alloc(0);
    const text = Array.from({ length: last - first + 1 }, (_, index) => line(first + index)).join("");
    return Buffer.from(text).subarray(from - first * LINE_BYTES, from - first * LINE_BYTES + bytes);
  }
  override async uploadPart(_key: string, _id: string, number: number, body: Uint8Array) {
    this.writes.push(body.length);
    for (const byte of body) if (byte === 0x0a) this.lines += 1;
    return { number, etag: `e${number}`, checksum: null };
  }
  override async completeUpload(): Promise<void> {}
}

it("exports 200,000 rows of two alternating shops with the memory of a few pages", async () => {
  expect(line(1).length).toBe(LINE_BYTES);
  const half = ROWS / 2;
  const segments = SHOPS.map((marketplace, index) => ({
    marketplace,
    key: `products/${index}`,
    index_key: `index/${index}`,
    products: half,
  }));
  const run = aRun({ segments, options: { ...aRun().options, batch_size: BATCH } });
  const world = exportWorld(aCatalog({ segments, columns: ["asin", "note"], tracking_id: run.batch_id }), run);
  const objects = new EndlessObjects();
  world.exports.jobs.set(
    EXPORT_ID,
    newExportJob({
      export_id: EXPORT_ID,
      catalog_id: "cat_1",
      user_id: "user-1",
      tracking_id: run.batch_id,
      format: "csv",
      row_state: null,
      file_name: "big.csv",
      total_rows: ROWS,
      correlation_id: "corr-1",
      nowMs: world.nowMs,
    }),
  );
  const batchesAShop = half / BATCH;
  let batchReads = 0;
  let productReads = 0;
  let peak = 0;
  const features = Array.from({ length: 10 }, (_, n) => `feature ${n} `.repeat(10));
  const before = liveBytes();
  await runExport(
    exportDeps(world, {
      objects,
      batches: {
        read: async (_catalog, _run, from, to) => {
          batchReads += 1;
          return Array.from({ length: to - from + 1 }, (_, index) => {
            const number = from + index;
            const shop = number > batchesAShop ? 1 : 0;
            const items = Array.from({ length: BATCH }, (_, place) => {
              const nth = (number - 1 - shop * batchesAShop) * BATCH + place;
              return anItem({ asin: asinNumber(nth * 2 + shop), state: "enriched", source: "creators-api" });
            });
            return aBatch({ number, batch_id: batchId(run.batch_id, number), items });
          });
        },
      },
      products: {
        getMany: async (keys) => {
          productReads += 1;
          if (productReads % 200 === 0) peak = Math.max(peak, liveBytes() - before);
          return new Map(keys.map((key) => [key, aProduct({ product_id: key, features: [...features] })]));
        },
      },
    }),
    { message: MESSAGE, receiveCount: 1, remainingMs: 900_000 },
  );
  expect(jobOf(world)).toMatchObject({ state: "ready", rows_written: ROWS });
  expect(objects.lines).toBe(ROWS + 1);
  expect(batchReads).toBe((2 * batchesAShop) / 50);
  expect(productReads).toBe(ROWS / 100);
  expect(Math.max(...objects.writes)).toBeLessThan(9 * 1024 * 1024);
  console.info(`peak of live memory: ${(peak / 1024 / 1024).toFixed(1)} MiB`);
  expect(peak).toBeGreaterThan(0);
  expect(peak).toBeLessThan(MAX_LIVE_BYTES);
}, 60_000);
