import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { type DryRunResult, type DryRunRow, DryRunRowSchema, dryRunKey } from "../../../core/catalogs/dry-run.ts";
import { sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";

/** Dry runs of large files in the `operations` table. Judging twice gives the same, so they need no lease. */
export class DryRunRows {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  async create(row: DryRunRow): Promise<void> {
    await withSdkErrors("writing a dry run", () =>
      this.#client.send(new PutCommand({ TableName: this.#table, Item: row })),
    );
  }

  /** Undefined when there is none, or its time is over. */
  async get(id: string, nowMs: number): Promise<DryRunRow | undefined> {
    const { Item } = await withSdkErrors("reading a dry run", () =>
      this.#client.send(
        new GetCommand({ TableName: this.#table, Key: { operation_key: dryRunKey(id) }, ConsistentRead: true }),
      ),
    );
    const row = Item ? DryRunRowSchema.parse(Item) : undefined;
    return row && row.expires_at * 1_000 > nowMs ? row : undefined;
  }

  /** Records how it ended. Of no effect when the row is gone. */
  async finish(id: string, end: { readonly result: DryRunResult | null; readonly failure: string | null }) {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { operation_key: dryRunKey(id) },
          UpdateExpression: "SET #result = :result, failure = :failure",
          ConditionExpression: "attribute_exists(operation_key)",
          ExpressionAttributeNames: { "#result": "result" },
          ExpressionAttributeValues: { ":result": end.result, ":failure": end.failure },
        }),
      );
    } catch (error) {
      if (sdkErrorName(error) !== "ConditionalCheckFailedException") throw translateSdkError(error, "ending a dry run");
    }
  }
}
