import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { type BatchRow, BatchRowSchema } from "../../../../lambdas/common/core/batches/batch-row.ts";
import { productsUpTo } from "../../../../lambdas/common/core/batches/partition/batch-range.ts";
import type { LimitItem } from "../../../../lambdas/common/core/limiter/limit-item.ts";
import { freshItem } from "../../../../lambdas/common/core/limiter/plan/fresh-item.ts";
import { type RunRow, RunRowSchema } from "../../../../lambdas/common/core/runs/run-row.ts";
import type { ProductOutcome } from "../../../../lambdas/common/services/enrich/product-outcome.ts";
import { buildCatalogStores } from "../../../../lambdas/common/services/wiring/catalogs/catalog-stores.ts";
import { Closings } from "../../../../lambdas/enrich-batch/closings.ts";
import { faultyDynamo, type WriteFault } from "../../memory/faulty-dynamo.ts";
import { MemoryDynamo } from "../../memory/memory-dynamo.ts";
import { aCatalog, aRun, NOON } from "../../rows.ts";
import { BatchMessages } from "./batch-messages.ts";
import { countedFromRows } from "./counted-from-rows.ts";
import { engineProcess, type Surroundings } from "./engine-process.ts";
import { LIFECYCLE_ENV, LIFECYCLE_TABLES } from "./lifecycle-tables.ts";

/** Everything that a run needs, on tables and a queue in memory, with the clock and the order of steps in our hands. */
export class LifecycleWorld implements Surroundings {
  nowMs = NOON;
  readonly gate: () => Promise<void>;
  readonly dynamo: MemoryDynamo;
  readonly queue = new BatchMessages();
  readonly removedObjects: string[] = [];
  readonly counted: string[] = [];
  readonly calls: number[] = [];
  verdict: (asin: string) => ProductOutcome["result"] = () => ({
    kind: "enriched",
    source: "creators-api",
    fromCache: false,
    incomplete: false,
  });
  blocked: RunRow["blocked_by"] = [];
  readonly closings = new Closings();
  readonly runId = "enrich_cat_1_1";
  #ids = 0;

  /** @param pageItems items of every page of a list, for runs so large that the usual small ones take too long */
  constructor(gate: () => Promise<void> = async () => {}, pageItems?: number) {
    this.gate = gate;
    this.dynamo = new MemoryDynamo(LIFECYCLE_TABLES, undefined, pageItems === undefined ? undefined : () => pageItems);
  }

  /** Puts a breaker into a state; `untilMs`: the end of its cool-down, or of the patience with its probe. */
  async setBreaker(limitKey: string, breaker: LimitItem["breaker"], untilMs = this.nowMs): Promise<void> {
    const limit = { limitKey, callsPerSecond: 1, unitsPerDay: null, allowanceShare: 1 };
    const Item: LimitItem = {
      ...freshItem(limit, this.nowMs),
      ...{ breaker, open_until_ms: untilMs, probe_deadline_ms: untilMs },
    };
    await this.dynamo.client(async () => {}).send(new PutCommand({ TableName: "limits", Item }));
  }

  /**
   * Writes a catalog of `products` products in two shops and its run.
   * @param of whose; a second catalog has ids of its own
   */
  async open(
    products: number,
    batchSize: number,
    express = false,
    of: { readonly catalog_id?: string; readonly batch_id?: string; readonly owner_id?: string } = {},
  ): Promise<void> {
    const first = Math.ceil(products * 0.7);
    const segments = [
      { marketplace: "www.amazon.com", key: "us", index_key: "us.index", products: first },
      { marketplace: "www.amazon.de", key: "de", index_key: "de.index", products: products - first },
    ];
    const batches = segments.reduce((sum, segment) => sum + Math.ceil(segment.products / batchSize), 0);
    const run = aRun({ uploaded: products, pending: products, batches, dispatched: 0, segments, express, ...of });
    const documents = this.dynamo.client(async () => {});
    await buildCatalogStores(LIFECYCLE_ENV, { documents }).catalogs.createCatalog(
      aCatalog({ catalog_id: run.catalog_id, user_id: run.owner_id, segments, tracking_id: run.batch_id }),
    );
    const Item = { ...run, options: { ...run.options, batch_size: batchSize } };
    await documents.send(new PutCommand({ TableName: "status", Item }));
  }

  /** Messages of batches that are not done. */
  get messages(): BatchMessages["waiting"] {
    return this.queue.waiting;
  }

  get run(): RunRow {
    return RunRowSchema.parse(this.dynamo.items("status").find((item) => item.batch_id === this.runId));
  }

  /** What the status table has of catalogs, deleted ones too. */
  get catalogItems(): Record<string, unknown>[] {
    return this.dynamo.items("status").filter(({ catalog_id }) => catalog_id !== "sweep");
  }

  get rows(): BatchRow[] {
    return this.dynamo
      .items("status")
      .filter((item) => item.row_type === "batch")
      .map((item) => BatchRowSchema.parse(item));
  }

  readonly newId = () => {
    this.#ids += 1;
    return `id-${this.#ids}`;
  };

  readonly clock = {
    now: () => this.nowMs,
    sleep: async (ms: number) => {
      await this.gate();
      this.nowMs += Math.min(ms, 300);
    },
  };

  /**
   * The engine as one process sees it. `gate` is awaited before its every effect; one that never resolves kills it.
   * @param faultAt what its attempts at writes meet
   */
  process(
    gate: () => Promise<void> = this.gate,
    faultAt: (attempt: number) => WriteFault | undefined = () => undefined,
  ) {
    return engineProcess(this, faultyDynamo(this.dynamo.client(gate), faultAt), gate);
  }

  /** What the rows say the counts must be: the run row may never say anything else. */
  countedFromRows() {
    return countedFromRows(this.run, this.rows);
  }

  /** Products of batches that were sent, by the run's own count. */
  sentProducts(): number {
    return productsUpTo(this.run.segments, this.run.options.batch_size, this.run.dispatched);
  }
}
