import { type DynamoDBDocumentClient, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import type { CatalogRow } from "../../../core/catalogs/catalog-row.ts";
import { ConflictError } from "../../../core/errors.ts";
import type { RunRow } from "../../../core/runs/run-row.ts";
import { refusedItems, translateSdkError } from "../../aws/sdk-errors.ts";
import type { RequestClaim } from "../operations/request-claims.ts";

/** The catalogs that hold requests which came as events. */
export class RequestCatalogs {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /**
   * Writes a new catalog with its run and the claims of its requests: all or nothing. A transaction, so that a request whose
   * claim stands is enriched, and one whose catalog was not written has none.
   * @param claims one for each request, 98 at most
   * @throws ConflictError when another worker was faster with one of the requests; nothing is written then
   * @throws TransientError
   */
  async create(row: CatalogRow, run: RunRow, claims: readonly RequestClaim[]): Promise<void> {
    const absent = "attribute_not_exists(batch_id)";
    const items = [
      { Put: { TableName: this.#table, Item: { ...row, tracking_id: run.batch_id }, ConditionExpression: absent } },
      { Put: { TableName: this.#table, Item: run, ConditionExpression: absent } },
      ...claims,
    ];
    try {
      await this.#client.send(new TransactWriteCommand({ TransactItems: items }));
    } catch (error) {
      if (refusedItems(error).length > 0) {
        throw new ConflictError("another worker accepted one of the requests", "request_taken", { cause: error });
      }
      throw translateSdkError(error, "writing requests as a catalog");
    }
  }
}
