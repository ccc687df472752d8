import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { queryUpTo } from "../query-pages.ts";
import { REFRESH_BUCKETS } from "./product-store.ts";

/** A place in the list of all stored products. */
export const KeyPositionSchema = z.object({
  bucket: z
    .number()
    .int()
    .min(0)
    .max(REFRESH_BUCKETS - 1),
  /** Product key after which to continue; absent: from the bucket's start. */
  after: z.string().max(200).optional(),
});
export type KeyPosition = z.infer<typeof KeyPositionSchema>;

/** A page of product keys. */
export interface KeyPage {
  /** May be empty although more follows. */
  readonly keys: readonly string[];
  /** Where to continue; absent at the end. */
  readonly next?: KeyPosition;
}

const RowSchema = z.object({ product_key: z.string() });

/**
 * Lists the keys of all stored products by the index `refresh-bucket`, bucket after bucket: an order that no write
 * changes. The index follows the table within a second or so.
 */
export class ProductKeys {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /**
   * Reads one page with one Query.
   * @param marketplace only products of this shop
   */
  async list(at: KeyPosition, limit: number, marketplace?: string): Promise<KeyPage> {
    const { items, next } = await queryUpTo(
      this.#client,
      {
        doing: "listing stored products",
        TableName: this.#table,
        IndexName: "refresh-bucket",
        KeyConditionExpression:
          marketplace === undefined
            ? "refresh_bucket = :bucket"
            : "refresh_bucket = :bucket AND begins_with(product_key, :shop)",
        ExpressionAttributeValues: {
          ":bucket": at.bucket,
          ...(marketplace === undefined ? {} : { ":shop": `${marketplace}#` }),
        },
        ...(at.after === undefined ? {} : { after: { refresh_bucket: at.bucket, product_key: at.after } }),
      },
      limit,
      1,
    );
    const keys = items.map((item) => RowSchema.parse(item).product_key);
    const last = next === undefined ? undefined : RowSchema.parse(next).product_key;
    if (last !== undefined) return { keys, next: { bucket: at.bucket, after: last } };
    return at.bucket + 1 < REFRESH_BUCKETS ? { keys, next: { bucket: at.bucket + 1 } } : { keys };
  }
}
