import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { CATALOG_KEY } from "../../../core/catalogs/catalog-key.ts";
import type { Reach } from "../../../core/failures/reach.ts";
import { type RunRow, RunRowSchema } from "../../../core/runs/run-row.ts";
import { sdkErrorName, translateSdkError } from "../../aws/sdk-errors.ts";
import { getRows } from "../enrichment-status/get-rows.ts";
import { type OnUnreadable, readableRows } from "../enrichment-status/unreadable-row.ts";
import { type QueryPage, queryUpTo } from "../query-pages.ts";
import { scanPage } from "../scan-page.ts";

const INDEX = "failing-runs";

/** A run with a product that failed, and whether a retry can reach it. */
export interface FailingRunRow {
  readonly run: RunRow;
  /** Whether it is the newest of a catalog that is there, and was not cancelled. */
  readonly isCurrent: boolean;
}

/** Runs with failed products, by a sparse index that is written once a run. */
export class FailingRuns {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #onUnreadable: OnUnreadable;

  /** @param onUnreadable called with each run that cannot be read and is left out */
  constructor(client: DynamoDBDocumentClient, tableName: string, onUnreadable: OnUnreadable) {
    this.#client = client;
    this.#table = tableName;
    this.#onUnreadable = onUnreadable;
  }

  /**
   * Runs within reach as of now, an owner's newest first. The index lags by moments.
   * @param limit runs at most
   * @returns `isComplete`: whether there are no more
   */
  async list(
    reach: Reach,
    limit: number,
  ): Promise<{ readonly runs: readonly FailingRunRow[]; readonly isComplete: boolean }> {
    const { items, next } = await this.#keys(reach, limit);
    const keys = items
      .slice(0, limit)
      .map(({ catalog_id, batch_id }) => ({ catalog_id: String(catalog_id), batch_id: String(batch_id) }));
    const found = await getRows(this.#client, this.#table, keys, (item) => item);
    const runs = readableRows(RunRowSchema, found, this.#onUnreadable);
    const catalogs = new Set(runs.map(({ catalog_id }) => catalog_id));
    const newest = new Map(
      await getRows(
        this.#client,
        this.#table,
        [...catalogs].map((catalog_id) => ({ catalog_id, batch_id: CATALOG_KEY })),
        ({ catalog_id, tracking_id, deleted_at }) =>
          [String(catalog_id), deleted_at === null ? String(tracking_id) : undefined] as const,
      ),
    );
    return {
      runs: runs.map((run) => ({
        run,
        isCurrent: run.failed > 0 && run.state !== "cancelled" && newest.get(run.catalog_id) === run.batch_id,
      })),
      isComplete: next === undefined && items.length <= limit,
    };
  }

  async #keys({ ownerId }: Reach, limit: number): Promise<QueryPage> {
    const list = { doing: "listing failing runs", TableName: this.#table, IndexName: INDEX };
    if (ownerId !== null) {
      return queryUpTo(
        this.#client,
        {
          ...list,
          KeyConditionExpression: "failing_owner_id = :owner",
          ExpressionAttributeValues: { ":owner": ownerId },
          ScanIndexForward: false,
        },
        limit,
      );
    }
    const items: Record<string, unknown>[] = [];
    let after: QueryPage["next"];
    do {
      const page = await scanPage(this.#client, { ...list, after: after ?? null });
      items.push(...page.items);
      after = page.next;
    } while (after !== undefined && items.length < limit);
    return after === undefined ? { items } : { items, next: after };
  }

  /** Takes a run off the index that has ended and that no retry can reach any more. Nothing happens when it changed. */
  async forget(run: RunRow): Promise<void> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { catalog_id: run.catalog_id, batch_id: run.batch_id },
          UpdateExpression: "REMOVE failing_owner_id",
          ConditionExpression: "attribute_not_exists(open_shard) AND #sequence = :seen",
          ExpressionAttributeNames: { "#sequence": "sequence" },
          ExpressionAttributeValues: { ":seen": run.sequence },
        }),
      );
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") {
        throw translateSdkError(error, "taking a run off the list of those that fail");
      }
    }
  }
}
