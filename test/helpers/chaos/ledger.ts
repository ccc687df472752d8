import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchGetCommand, DynamoDBDocumentClient, paginateQuery } from "@aws-sdk/lib-dynamodb";
import { type BatchRow, BatchRowSchema } from "../../../lambdas/common/core/batches/batch-row.ts";
import { type RunRow, RunRowSchema } from "../../../lambdas/common/core/runs/run-row.ts";
import { clientConfig } from "../../../local/aws-environment.ts";

const BATCH_GET_KEYS = 100;

/** What a catalog's rows say, counted product by product. */
export interface Account {
  readonly run: RunRow;
  readonly batches: readonly BatchRow[];
}

const tally = (values: readonly (string | undefined)[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const value of values) if (value !== undefined) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
};

/**
 * Counts what the batch rows hold, in the form in which the run row says it. Of a cancelled run, what was never sent has
 * no rows and is counted by the run alone.
 */
export const recount = ({ run, batches }: Account) => {
  const items = batches.flatMap((batch) => batch.items);
  const states = tally(items.map(({ state }) => state));
  const dropped = run.dropped === undefined ? 0 : run.uploaded - items.length;
  return {
    uploaded: items.length + dropped,
    pending: states.pending ?? 0,
    enriched: states.enriched ?? 0,
    failed: states.failed ?? 0,
    cancelled: (states.cancelled ?? 0) + dropped,
    from_cache: items.filter(({ state, from_cache }) => state === "enriched" && from_cache).length,
    incomplete: items.filter(({ state, incomplete }) => state === "enriched" && incomplete).length,
    by_source: tally(items.map(({ state, source }) => (state === "enriched" ? source : undefined))),
    failure_counts: tally(items.map(({ state, error_code }) => (state === "failed" ? error_code : undefined))),
    batches: batches.length + (run.dropped ?? 0),
    settled: batches.filter(({ state }) => state.startsWith("completed") || state === "cancelled").length,
  };
};

/** Reads the tables of a local stack behind the product's back, to hold its counts against what is there. */
export class Ledger {
  readonly #documents: DynamoDBDocumentClient;
  readonly #tables: { readonly status: string; readonly products: string };

  constructor(emulatorUrl: string, tables: { readonly status: string; readonly products: string }) {
    this.#documents = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig(emulatorUrl)));
    this.#tables = tables;
  }

  close(): void {
    this.#documents.destroy();
  }

  /** All runs of a catalog with their batches. */
  async accounts(catalogId: string): Promise<Account[]> {
    const runs: RunRow[] = [];
    const batches: BatchRow[] = [];
    const pages = paginateQuery(
      { client: this.#documents },
      {
        TableName: this.#tables.status,
        KeyConditionExpression: "catalog_id = :catalog",
        ExpressionAttributeValues: { ":catalog": catalogId },
        ConsistentRead: true,
      },
    );
    for await (const { Items = [] } of pages) {
      for (const item of Items) {
        if (item.row_type === "run") runs.push(RunRowSchema.parse(item));
        if (item.row_type === "batch") batches.push(BatchRowSchema.parse(item));
      }
    }
    return runs.map((run) => ({
      run,
      batches: batches.filter(({ tracking_id }) => tracking_id === run.batch_id),
    }));
  }

  /** Those of the ASINs that the products table has with a title, in the United States' shop. */
  async stored(asins: readonly string[]): Promise<Set<string>> {
    const found = new Set<string>();
    for (let from = 0; from < asins.length; from += BATCH_GET_KEYS) {
      const Keys = asins.slice(from, from + BATCH_GET_KEYS).map((asin) => ({ product_key: `www.amazon.com#${asin}` }));
      const { Responses, UnprocessedKeys } = await this.#documents.send(
        new BatchGetCommand({
          RequestItems: {
            [this.#tables.products]: { Keys, ProjectionExpression: "asin, title" },
          },
        }),
      );
      for (const item of Responses?.[this.#tables.products] ?? []) {
        if (typeof item.title === "string") found.add(String(item.asin));
      }
      if (Object.keys(UnprocessedKeys ?? {}).length > 0) throw new Error("some products were not read");
    }
    return found;
  }
}
