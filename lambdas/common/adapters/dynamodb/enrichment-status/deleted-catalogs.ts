import { DeleteCommand, type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { CATALOG_KEY } from "../../../core/catalogs/catalog-key.ts";
import { type CatalogRow, CatalogRowSchema } from "../../../core/catalogs/catalog-row.ts";
import { itemOnFailure, sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { queryPages, queryUpTo } from "../query-pages.ts";
import { getRows } from "./get-rows.ts";
import { noCatalog } from "./no-catalog.ts";
import { type OnUnreadable, readableRows } from "./unreadable-row.ts";

/** Partition of the `open-runs` index in which deleted catalogs wait for their removal. */
const DELETED_SHARD = "deleted";

/** Rows of deleted catalogs, from the mark to the last row's removal. */
export class DeletedCatalogs {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /**
   * Marks a catalog of this user as deleted: for the API it is gone at once. Its rows stay until `reconcile` removes
   * them, found by the `deleted` partition of the `open-runs` index.
   * @returns the row: no run can begin any more
   * @throws NotFoundError when there is none, it is deleted already, or it is somebody else's.
   */
  async markDeleted(catalogId: string, userId: string, now: string): Promise<CatalogRow> {
    try {
      const { Attributes } = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { catalog_id: catalogId, batch_id: CATALOG_KEY },
          UpdateExpression: "SET deleted_at = :now, open_shard = :deleted REMOVE due_shard, due_at",
          ConditionExpression: "user_id = :user AND deleted_at = :null",
          ExpressionAttributeValues: { ":now": now, ":deleted": DELETED_SHARD, ":user": userId, ":null": null },
          ReturnValues: "ALL_NEW",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return CatalogRowSchema.parse(Attributes);
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") {
        throw translateSdkError(error, "deleting the catalog");
      }
      const current = itemOnFailure(error);
      // Marked at this very moment: by this call, whose answer was lost.
      if (current?.user_id === userId && current.deleted_at === now) return CatalogRowSchema.parse(current);
      throw noCatalog(catalogId);
    }
  }

  /**
   * Deleted catalogs whose rows are not removed yet, oldest first, at most `limit`.
   * @param onUnreadable called with each row that cannot be read, and is left out
   */
  async listDeleted(limit: number, onUnreadable: OnUnreadable): Promise<CatalogRow[]> {
    const { items } = await queryUpTo(
      this.#client,
      {
        doing: "listing deleted catalogs",
        TableName: this.#table,
        IndexName: "open-runs",
        KeyConditionExpression: "open_shard = :deleted",
        ExpressionAttributeValues: { ":deleted": DELETED_SHARD },
      },
      limit,
    );
    const keys = items.map((item) => ({ catalog_id: String(item.catalog_id), batch_id: CATALOG_KEY }));
    const rows = await getRows(this.#client, this.#table, keys, (item) => item);
    return readableRows(CatalogRowSchema, rows, onUnreadable);
  }

  /**
   * Keys of all rows of a catalog, some at a time, from the last to the first, so that a run follows after its batches.
   * Rows of keys that were given may be removed meanwhile.
   */
  async *rowKeys(catalogId: string): AsyncGenerator<string[]> {
    const list = {
      doing: "listing a catalog's rows",
      TableName: this.#table,
      KeyConditionExpression: "catalog_id = :catalog",
      ExpressionAttributeValues: { ":catalog": catalogId },
      ProjectionExpression: "catalog_id, batch_id",
      ScanIndexForward: false,
      ConsistentRead: true,
    };
    for await (const { items } of queryPages(this.#client, list)) yield items.map((item) => String(item.batch_id));
  }

  /** Removes one row of a deleted catalog. Safe to repeat. */
  async removeRow(catalogId: string, batchId: string): Promise<void> {
    await withSdkErrors("removing a row", () =>
      this.#client.send(
        new DeleteCommand({ TableName: this.#table, Key: { catalog_id: catalogId, batch_id: batchId } }),
      ),
    );
  }
}
