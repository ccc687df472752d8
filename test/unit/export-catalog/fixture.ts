import { type BatchItem, type BatchRow, batchId } from "../../../lambdas/common/core/batches/batch-row.ts";
import { SegmentRowSchema } from "../../../lambdas/common/core/catalogs/ingest/catalog-files.ts";
import { REQUEST_LIMITS } from "../../../lambdas/common/core/catalogs/ingest/ingest-limits.ts";
import {
  type ExportFormat,
  type ExportRowState,
  newExportJob,
} from "../../../lambdas/common/core/exports/export-job.ts";
import type { ExportMessage } from "../../../lambdas/common/core/exports/export-message.ts";
import type { Product } from "../../../lambdas/common/core/products/product.ts";
import { productKey } from "../../../lambdas/common/core/products/product-key.ts";
import type { RunState } from "../../../lambdas/common/core/runs/run-states.ts";
import { ingestCatalog } from "../../../lambdas/common/services/ingest/ingest-catalog.ts";
import { MemorySink } from "../../helpers/memory/memory-sink.ts";
import { aProduct } from "../../helpers/products.ts";
import { aBatch, aCatalog, aRun, NOON } from "../../helpers/rows.ts";
import { type ExportWorld, exportWorld } from "../../helpers/worlds/export-world.ts";

export const EXPORT_ID = "exp_0123456789abcdef";

/** The message for the worker of the fixture's export. */
export const MESSAGE: ExportMessage = {
  version: 1,
  export_id: EXPORT_ID,
  catalog_id: "cat_1",
  user_id: "user-1",
  correlation_id: "corr-1",
};

/** How a product of the fixture fared, from its ASIN: the last digit decides. */
const itemOf = (asin: string): BatchItem => {
  const digit = asin.at(-1);
  if (digit === "7") return { asin, state: "failed", error_code: "NotFound", attempts: 0 };
  if (digit === "8") return { asin, state: "pending", attempts: 0 };
  return { asin, state: "enriched", source: "creators-api", attempts: 0 };
};

/** Options of the fixture's export. */
export interface FixtureOptions {
  readonly format?: ExportFormat;
  readonly rowState?: ExportRowState;
  /** Batches that were never written, the last ones. */
  readonly unsent?: number;
  readonly runState?: RunState;
}

/** What the real ingest makes of a file, and what enriching makes of its products. */
const enriched = async (csv: string) => {
  const sink = new MemorySink();
  const body = (async function* () {
    yield Buffer.from(csv);
  })();
  const report = await ingestCatalog(
    { body, contentType: "text/csv", marketplace: "www.amazon.com", limits: REQUEST_LIMITS },
    sink,
  );
  const { segments, rows_key } = report;
  const batches: BatchRow[] = [];
  const products = new Map<string, Product>();
  for (const segment of segments) {
    const asins = sink.lines(segment.key).map((line) => SegmentRowSchema.parse(JSON.parse(line)).asin);
    for (let from = 0; from < asins.length; from += 5) {
      const number = batches.length + 1;
      const items = asins.slice(from, from + 5).map(itemOf);
      batches.push(
        aBatch({ number, batch_id: batchId(aRun().batch_id, number), marketplace: segment.marketplace, items }),
      );
      for (const { asin, state } of items) {
        const product_id = productKey(segment.marketplace, asin);
        if (state === "enriched") products.set(product_id, aProduct({ product_id, asin, title: `T ${asin}` }));
      }
    }
  }
  return { report, rowsFile: sink.objects.get(rows_key) ?? Buffer.alloc(0), batches, products };
};

/** By file: tests that go through every point of failure need the same world hundreds of times. */
const known = new Map<string, ReturnType<typeof enriched>>();

const enrichedOnce = (csv: string): ReturnType<typeof enriched> => {
  const found = known.get(csv) ?? enriched(csv);
  known.set(csv, found);
  return found;
};

/** A world in which this file was uploaded by the real ingest, enriched, and is to be exported. */
export const worldOf = async (csv: string, options: FixtureOptions = {}): Promise<ExportWorld> => {
  const { report, rowsFile, batches, products } = await enrichedOnce(csv);
  const { rows, segments, columns, rows_key } = report;
  const run = aRun({ segments, state: options.runState ?? "running", options: { ...aRun().options, batch_size: 5 } });
  const world = exportWorld(aCatalog({ rows, segments, columns, rows_key, tracking_id: run.batch_id }), run);
  world.objects.stored.set(rows_key, rowsFile);
  world.batches.push(...batches.map((row) => ({ ...row, items: [...row.items] })));
  for (const [key, product] of products) world.products.set(key, product);
  if (options.unsent) world.batches.splice(-options.unsent);
  const job = newExportJob({
    export_id: EXPORT_ID,
    catalog_id: "cat_1",
    user_id: "user-1",
    tracking_id: run.batch_id,
    format: options.format ?? "csv",
    row_state: options.rowState ?? null,
    file_name: "spring.csv",
    total_rows: rows.total,
    correlation_id: "corr-1",
    nowMs: NOON,
  });
  world.exports.jobs.set(EXPORT_ID, job);
  return world;
};

/** The export of a world as it stands. */
export const jobOf = (world: ExportWorld) => {
  const job = world.exports.jobs.get(EXPORT_ID);
  if (!job) throw new Error("the export is not there");
  return job;
};

/** The finished object as text. */
export const resultOf = (world: ExportWorld): string => {
  const body = world.objects.stored.get(jobOf(world).object_key);
  if (!body) throw new Error("nothing was written");
  return body.toString("utf8");
};
