import { type DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { TransientError } from "../../../core/errors.ts";
import { type Change, ChangeSchema, type Latest, LatestSchema, withChanges } from "../../../core/history/change.ts";
import { isAsPut, sdkErrorName, withSdkErrors } from "../../aws/sdk-errors.ts";
import { batchGet } from "../batch-get.ts";
import { writeAll } from "../parallel-writes.ts";
import { queryUpTo } from "../query-pages.ts";

/** Sort key of the row that says what was recorded last; it comes after every time. */
const LATEST = "latest";

/** Recorded changes of a product. */
export interface RecordedChanges {
  /** In the order of time. */
  readonly changes: readonly Change[];
  /** Whether there are more before them. */
  readonly hasEarlier: boolean;
}

/**
 * The `product-history` table: a row for each change of a recorded field, and one for each product with what was recorded
 * last, so that a product that did not change costs no write.
 */
export class ProductHistory {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Reads what was recorded last, by product key; a product without history is left out. @throws TransientError */
  async latest(keys: readonly string[]): Promise<Map<string, Latest>> {
    const items = await batchGet(this.#client, {
      table: this.#table,
      keys: [...new Set(keys)].map((product_key) => ({ product_key, changed_at_field: LATEST })),
      doing: "reading what was recorded last of products",
      consistent: true,
    });
    return new Map(items.map((item) => [String(item.product_key), LatestSchema.parse(item)]));
  }

  /**
   * Records changes. Safe to repeat: the same change is the same row.
   * @param latest what they were found against
   * @throws TransientError when another worker recorded meanwhile, so that they must be found anew
   */
  async record(productKey: string, latest: Latest, changes: readonly Change[]): Promise<void> {
    await writeAll(changes, (change) =>
      withSdkErrors("recording a change of a product", () =>
        this.#client.send(
          new PutCommand({
            TableName: this.#table,
            Item: { product_key: productKey, changed_at_field: `${change.changed_at}#${change.field}`, ...change },
          }),
        ),
      ),
    );
    // Last: until it is written, the same changes are found again.
    const Item = { product_key: productKey, changed_at_field: LATEST, ...withChanges(latest, changes) };
    await withSdkErrors("recording what is known last of a product", async () => {
      try {
        await this.#client.send(
          new PutCommand({
            TableName: this.#table,
            Item,
            ConditionExpression: "attribute_not_exists(version) OR version = :seen",
            ExpressionAttributeValues: { ":seen": latest.version },
            ReturnValuesOnConditionCheckFailure: "ALL_OLD",
          }),
        );
      } catch (error) {
        if (isAsPut(error, Item)) return;
        if (sdkErrorName(error) !== "ConditionalCheckFailedException") throw error;
        throw new TransientError("another worker recorded changes of the product meanwhile", { cause: error });
      }
    });
  }

  /** Reads the newest changes of a product up to a time, at most `limit`. @throws TransientError */
  async list(productKey: string, until: string, limit: number): Promise<RecordedChanges> {
    const { items, next } = await queryUpTo(
      this.#client,
      {
        doing: "reading the history of a product",
        TableName: this.#table,
        KeyConditionExpression: "product_key = :key AND changed_at_field BETWEEN :first AND :until",
        ExpressionAttributeValues: { ":key": productKey, ":first": "0", ":until": `${until}#~` },
        ScanIndexForward: false,
      },
      limit,
    );
    return { changes: items.map((item) => ChangeSchema.parse(item)).reverse(), hasEarlier: next !== undefined };
  }
}
