import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { parseStoredRow, storedRow } from "../../../lambdas/common/adapters/dynamodb/products/stored-row.ts";
import { isoTime } from "../../../lambdas/common/core/clock.ts";
import type { Product } from "../../../lambdas/common/core/products/product.ts";

/** A product as its table holds it, with the keys of its raw answers; nothing of it is left out for its licence. */
export type StoredProduct = Product & { readonly raw_keys: readonly string[] };

/** Products as they lie in a deployed table, past all rights of reading. */
export class StoredProducts {
  readonly #documents: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(documents: DynamoDBDocumentClient, table: string) {
    this.#documents = documents;
    this.#table = table;
  }

  /** @throws Error when there is none or it cannot be read */
  async read(productKey: string): Promise<StoredProduct> {
    const { Item } = await this.#documents.send(
      new GetCommand({ TableName: this.#table, Key: { product_key: productKey }, ConsistentRead: true }),
    );
    if (!Item) throw new Error(`there is no product ${productKey}`);
    const row = parseStoredRow(Item);
    if (!row.success) throw row.error;
    return { ...row.data, raw_keys: row.rawKeys };
  }

  /** As if everything had been fetched so much earlier. */
  async age(productKey: string, byMs: number): Promise<void> {
    await this.changeOrigins(productKey, (provenance) =>
      Object.fromEntries(
        Object.entries(provenance).flatMap(([field, origin]) =>
          origin === undefined
            ? []
            : [[field, { ...origin, fetched_at: isoTime(Date.parse(origin.fetched_at) - byMs) }] as const],
        ),
      ),
    );
  }

  /** Says something else of where its fields came from. */
  async changeOrigins(
    productKey: string,
    change: (provenance: Product["provenance"]) => Product["provenance"],
  ): Promise<void> {
    const { raw_keys, ...product } = await this.read(productKey);
    const { packed } = storedRow({ ...product, provenance: change(product.provenance) }, raw_keys).set;
    await this.#documents.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { product_key: productKey },
        UpdateExpression: "SET packed = :packed",
        ExpressionAttributeValues: { ":packed": packed },
      }),
    );
  }
}
