import { type DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { type BatchRow, BatchRowSchema, batchId } from "../../../core/batches/batch-row.ts";
import { withSdkErrors } from "../../aws/sdk-errors.ts";

/** Reads batches of a run by their numbers. */
export class BatchRangeReader {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, statusTableName: string) {
    this.#client = client;
    this.#table = statusTableName;
  }

  /** Batches `from` to `to` (from 1, inclusive) in order, as of now; those not written yet are left out. */
  async read(catalogId: string, trackingId: string, from: number, to: number): Promise<BatchRow[]> {
    const rows: BatchRow[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await withSdkErrors("reading batches", () =>
        this.#client.send(
          new QueryCommand({
            TableName: this.#table,
            KeyConditionExpression: "catalog_id = :catalog AND batch_id BETWEEN :from AND :to",
            ExpressionAttributeValues: {
              ":catalog": catalogId,
              ":from": batchId(trackingId, from),
              ":to": batchId(trackingId, to),
            },
            ExclusiveStartKey: start,
            // Else a run that is completed could still show its last batches as pending.
            ConsistentRead: true,
          }),
        ),
      );
      rows.push(...Items.map((item) => BatchRowSchema.parse(item)));
      start = LastEvaluatedKey;
    } while (start);
    return rows;
  }
}
