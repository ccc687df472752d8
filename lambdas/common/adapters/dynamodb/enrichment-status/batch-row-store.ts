import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { type BatchRow, BatchRowSchema, runOfBatch } from "../../../core/batches/batch-row.ts";
import { DUE_SHARDS, dueShard } from "../../../core/batches/reschedule/due-shard.ts";
import {
  isAsPut,
  itemOnFailure,
  refusedForGood,
  sdkErrorName,
  translateSdkError,
  withSdkErrors,
} from "../../aws/sdk-errors.ts";
import { batchGet } from "../batch-get.ts";
import { queryUpTo } from "../query-pages.ts";

/** What a batch message asks of a batch row. */
export interface ClaimRequest {
  readonly catalog_id: string;
  readonly batch_id: string;
  readonly generation: number;
  /** Names this one claim. It distinguishes a repeat of the claim, after its answer was lost, from another claim. */
  readonly owner: string;
  readonly now: string;
  /** End of the lease; later than the function can live. */
  readonly lease_until: string;
}

/**
 * How a claim ended. `claimed`: the row is ours until the lease ends. `settled` and `older`: nothing is left to do
 * for this message. `leased`: another worker has it. `missing`: the catalog was deleted.
 */
export type ClaimResult =
  | { readonly kind: "claimed"; readonly row: BatchRow }
  | { readonly kind: "settled" | "older" | "leased"; readonly row: BatchRow }
  | { readonly kind: "missing" };

/**
 * What came of a new row. `exists`: for a repeated dispatch that is success. `refused`: the table takes it neither now nor
 * later, with its words.
 */
export type CreateResult =
  | { readonly kind: "created" | "exists" }
  | { readonly kind: "refused"; readonly reason: string };

type BatchKey = Pick<BatchRow, "catalog_id" | "batch_id">;

/** A batch that is not settled, and its run. */
export type UnsettledBatch = BatchKey & Pick<BatchRow, "tracking_id">;

/** Batch rows of `enrichment-status`: written once, claimed under a lease, found again when overdue. */
export class BatchRowStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Writes a new batch. @throws TransientError */
  async create(row: BatchRow): Promise<CreateResult> {
    try {
      await this.#client.send(
        new PutCommand({ TableName: this.#table, Item: row, ConditionExpression: "attribute_not_exists(batch_id)" }),
      );
      return { kind: "created" };
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return { kind: "exists" };
      const reason = refusedForGood(error);
      if (reason !== undefined) return { kind: "refused", reason };
      throw translateSdkError(error, "writing a batch");
    }
  }

  /**
   * Takes the row for one batch message: its generation must be newer than the row's, or the same with no live lease.
   * One conditional write; a refusal costs no read. The SDK repeats a write whose answer was lost: it gives the row as
   * the first one made it.
   */
  async claim(request: ClaimRequest): Promise<ClaimResult> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { catalog_id: request.catalog_id, batch_id: request.batch_id },
          UpdateExpression:
            "SET generation = :generation, lease_owner = :owner, lease_until = :until, #state = :running, updated_at = :now ADD version :one",
          ConditionExpression:
            "attribute_exists(batch_id) AND #state IN (:pending, :queued, :running) AND (generation < :generation OR (generation = :generation AND (attribute_not_exists(lease_until) OR lease_until < :now)))",
          ExpressionAttributeNames: { "#state": "state" },
          ExpressionAttributeValues: {
            ":generation": request.generation,
            ":owner": request.owner,
            ":until": request.lease_until,
            ":now": request.now,
            ":one": 1,
            ":pending": "pending",
            ":queued": "queued",
            ":running": "running",
          },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return { kind: "claimed", row: BatchRowSchema.parse(Attributes) };
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") throw translateSdkError(error, "claiming a batch");
      return this.#refusal(request, itemOnFailure(error));
    }
  }

  #refusal(request: ClaimRequest, item: Record<string, unknown> | undefined): ClaimResult {
    if (!item) return { kind: "missing" };
    const row = BatchRowSchema.parse(item);
    if (row.items.every((product) => product.state !== "pending")) return { kind: "settled", row };
    if (row.generation > request.generation) return { kind: "older", row };
    return { kind: row.lease_owner === request.owner ? "claimed" : "leased", row };
  }

  /** Gives a lease back early, after a fault that was caught. Does nothing when the lease is lost or the row gone. */
  async release(row: BatchRow): Promise<void> {
    await this.#putIfUnchanged(row, (({ lease_owner: _owner, lease_until: _until, ...rest }) => rest)(row));
  }

  /** Reads one row, as of now. Undefined when there is none. */
  async get(catalogId: string, batchId: string): Promise<BatchRow | undefined> {
    const { Item } = await withSdkErrors("reading a batch", () =>
      this.#client.send(
        new GetCommand({
          TableName: this.#table,
          Key: { catalog_id: catalogId, batch_id: batchId },
          ConsistentRead: true,
        }),
      ),
    );
    return Item ? BatchRowSchema.parse(Item) : undefined;
  }

  /** Replaces a row that did not change since it was read. False when it did. Never for a change that the run counts. */
  async replace(before: BatchRow, after: Omit<BatchRow, "version">): Promise<boolean> {
    return this.#putIfUnchanged(before, after);
  }

  async #putIfUnchanged(before: BatchRow, after: Omit<BatchRow, "version">): Promise<boolean> {
    const Item = { ...after, version: before.version + 1 };
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item,
          ConditionExpression: "version = :version",
          ExpressionAttributeValues: { ":version": before.version },
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return true;
    } catch (error) {
      if (sdkErrorName(error) === "ConditionalCheckFailedException") return isAsPut(error, Item);
      throw translateSdkError(error, "writing a batch");
    }
  }

  /** Reads rows of one catalog by batch id, as of now; missing ones are left out. In the order of the ids. */
  async getMany(catalogId: string, batchIds: readonly string[]): Promise<BatchRow[]> {
    return this.getAll(batchIds.map((batch_id) => ({ catalog_id: catalogId, batch_id })));
  }

  /** The same for rows of several catalogs; batch ids are unique over all of them. */
  async getAll(batches: readonly BatchKey[]): Promise<BatchRow[]> {
    const keys = batches.map(({ catalog_id, batch_id }) => ({ catalog_id, batch_id }));
    const items = await batchGet(this.#client, {
      table: this.#table,
      keys,
      doing: "reading batches",
      consistent: true,
    });
    const rows = new Map(items.map((item) => BatchRowSchema.parse(item)).map((row) => [row.batch_id, row]));
    return keys.flatMap(({ batch_id }) => rows.get(batch_id) ?? []);
  }

  /**
   * Ids of a run's batches that are not settled, those due first first. It reads the due index, which holds keys of
   * unsettled batches only: about a window of them, and those that a retry reopened or that have parked products, which
   * may be all of the run. The index lags by moments, so a batch written just now may be missing.
   */
  async listUnsettled(trackingId: string): Promise<string[]> {
    return (await this.listUnsettledOf([trackingId])).map(({ batch_id }) => batch_id);
  }

  /** Keys of the batches of several runs that are not settled, those due first first; see `listUnsettled`. */
  async listUnsettledOf(trackingIds: readonly string[]): Promise<UnsettledBatch[]> {
    const wanted = new Set(trackingIds);
    const shards = Array.from({ length: DUE_SHARDS }, (_, shard) => this.#unsettledOf(dueShard(shard), wanted));
    // A batch that moves within the index while pages are read is on two of them.
    const found = [...new Map((await Promise.all(shards)).flat().map((one) => [one.batch_id, one])).values()];
    const place = ({ due_at, batch_id }: (typeof found)[number]): string => `${due_at} ${batch_id}`;
    return found.sort((a, b) => (place(a) < place(b) ? -1 : 1));
  }

  async #unsettledOf(shard: string, wanted: ReadonlySet<string>): Promise<(UnsettledBatch & { due_at: string })[]> {
    const { items } = await queryUpTo(this.#client, {
      doing: "listing unsettled batches",
      TableName: this.#table,
      IndexName: "due-batches",
      KeyConditionExpression: "due_shard = :shard",
      ExpressionAttributeValues: { ":shard": shard },
    });
    return items
      .map(({ catalog_id, batch_id, due_at }) => ({
        catalog_id: String(catalog_id),
        batch_id: String(batch_id),
        tracking_id: runOfBatch(String(batch_id)),
        due_at: String(due_at),
      }))
      .filter(({ tracking_id }) => wanted.has(tracking_id));
  }

  /** Removes a row whose run is gone. Does nothing when somebody changed the row meanwhile. */
  async remove(row: BatchRow): Promise<void> {
    try {
      await this.#client.send(
        new DeleteCommand({
          TableName: this.#table,
          Key: { catalog_id: row.catalog_id, batch_id: row.batch_id },
          ConditionExpression: "version = :version",
          ExpressionAttributeValues: { ":version": row.version },
        }),
      );
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") throw translateSdkError(error, "removing a batch");
    }
  }

  /** Rows of one shard (0 to 7) of `due-batches` that were due before `now`, most overdue first, at most `limit`. */
  async listDue(
    shard: number,
    now: string,
    limit: number,
  ): Promise<{ catalog_id: string; batch_id: string; due_at: string }[]> {
    const { items } = await queryUpTo(
      this.#client,
      {
        doing: "listing overdue batches",
        TableName: this.#table,
        IndexName: "due-batches",
        KeyConditionExpression: "due_shard = :shard AND due_at <= :now",
        ExpressionAttributeValues: { ":shard": String(shard), ":now": now },
      },
      limit,
    );
    return items.map((item) => ({
      catalog_id: String(item.catalog_id),
      batch_id: String(item.batch_id),
      due_at: String(item.due_at),
    }));
  }
}
