import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { type BatchRow, BatchRowSchema, batchId } from "../../../core/batches/batch-row.ts";
import { queryUpTo } from "../query-pages.ts";

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
    const { items } = await queryUpTo(this.#client, {
      doing: "reading batches",
      TableName: this.#table,
      KeyConditionExpression: "catalog_id = :catalog AND batch_id BETWEEN :from AND :to",
      ExpressionAttributeValues: {
        ":catalog": catalogId,
        ":from": batchId(trackingId, from),
        ":to": batchId(trackingId, to),
      },
      // Else a run that is completed could still show its last batches as pending.
      ConsistentRead: true,
    });
    return items.map((item) => BatchRowSchema.parse(item));
  }
}
