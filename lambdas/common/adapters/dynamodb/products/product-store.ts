import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { productEnds, type TimedContentEnd } from "../../../core/licences/content-end.ts";
import { withoutRaw } from "../../../core/licences/revocations/without-raw.ts";
import { withoutRevoked } from "../../../core/licences/revocations/without-revoked.ts";
import { endsOf } from "../../../core/licences/without-ended.ts";
import type { StoredProduct } from "../../../core/products/stored-product.ts";
import type { SourceId } from "../../../core/source-ids.ts";
import { refusedForGood, sdkErrorName, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { writeAll } from "../parallel-writes.ts";
import { NOT_FOUND, type ProductLog, ProductReader, type ReadRights } from "./product-reader.ts";
import { storedRow } from "./stored-row.ts";

/** Buckets of the rolling refresh: one for each hour of the day. */
export const REFRESH_BUCKETS = 24;

/** Bucket (0 to 23) of the hour in which a product is refreshed: FNV-1a of its key, so that it never moves. */
export const refreshBucket = (key: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash % REFRESH_BUCKETS;
};

/** Where it is noted when content ends. */
export interface EndsLedger {
  note(ends: readonly TimedContentEnd[]): Promise<void>;
}

/** The `products` table, with writes. One product that cannot be written keeps no other from it. */
export class ProductStore extends ProductReader {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #rights: ReadRights;
  readonly #ends: EndsLedger;

  constructor(
    client: DynamoDBDocumentClient,
    tableName: string,
    rights: ReadRights & { readonly ends: EndsLedger },
    log: ProductLog,
  ) {
    super(client, tableName, rights, log);
    this.#client = client;
    this.#table = tableName;
    this.#rights = rights;
    this.#ends = rights.ends;
  }

  /** Remembers until `until` that these sources do not have the product. */
  async rememberNotFound(key: string, sources: readonly SourceId[], until: string): Promise<void> {
    if (sources.length === 0) return;
    await withSdkErrors("remembering a product that was not found", () =>
      this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { product_key: key },
          UpdateExpression: `SET ${sources.map((_, index) => `#s${index} = :until`).join(", ")}`,
          ExpressionAttributeNames: Object.fromEntries(
            sources.map((source, index) => [`#s${index}`, NOT_FOUND + source]),
          ),
          ExpressionAttributeValues: { ":until": until },
        }),
      ),
    );
  }

  /**
   * Keeps a stored product in the daily refresh until `until` at least. Safe to repeat; one that is not stored stays so.
   * @throws TransientError
   */
  async keepFresh(key: string, until: string): Promise<void> {
    await withSdkErrors("keeping a product in the daily refresh", async () => {
      try {
        await this.#client.send(
          new UpdateCommand({
            TableName: this.#table,
            Key: { product_key: key },
            UpdateExpression: "SET refresh_until = :until",
            ConditionExpression:
              "attribute_exists(#status) AND (attribute_not_exists(refresh_until) OR refresh_until < :until)",
            ExpressionAttributeNames: { "#status": "status" },
            ExpressionAttributeValues: { ":until": until },
          }),
        );
      } catch (error) {
        if (sdkErrorName(error) !== "ConditionalCheckFailedException") throw error;
      }
    });
  }

  /**
   * What of fetched products may be stored and given out: a source may have been revoked since it was asked.
   * @throws TransientError
   */
  async allowed(products: readonly StoredProduct[]): Promise<StoredProduct[]> {
    const revoked = await this.#rights.revoked();
    const nowMs = this.#rights.clock.now();
    return products.map((stored) => ({
      ...stored,
      product: withoutRevoked(stored.product, revoked, nowMs),
      raw_keys: withoutRaw(stored.raw_keys, revoked),
    }));
  }

  /**
   * Writes products, each whole but for what a revoked source gave, and keeps what must outlive a new answer: when it was created and when it was last
   * available. Safe to repeat.
   * @returns why, by product key, for each product that the table refuses for good; the others are written
   * @throws TransientError when one could not be written for now
   */
  async saveMany(fetched: readonly StoredProduct[]): Promise<ReadonlyMap<string, string>> {
    const refused = new Map<string, string>();
    const products = await this.allowed(fetched);
    // First, because what nobody knows to end would stay.
    await this.#ends.note(
      productEnds(products.map(({ product }) => [product.product_id, endsOf(product, this.#rights.licences)] as const)),
    );
    const save = async (stored: StoredProduct): Promise<void> => {
      const why = await this.#save(stored);
      if (why !== undefined) refused.set(stored.product.product_id, why);
    };
    await writeAll(products, save);
    return refused;
  }

  /** @returns why the table refuses it for good; undefined when it is written */
  async #save({ product, raw_keys, refresh_until }: StoredProduct): Promise<string | undefined> {
    const { product_id, created_at, last_available_at } = product;
    const row = storedRow(product, raw_keys);
    const { created_at: _created, last_available_at: _available, ...named } = row.set;
    const fields: Record<string, unknown> = { ...named, refresh_bucket: refreshBucket(product_id) };
    if (last_available_at !== null) fields.last_available_at = last_available_at;
    if (refresh_until !== null) fields.refresh_until = refresh_until;
    const names: Record<string, string> = { "#created": "created_at" };
    const values: Record<string, unknown> = { ":created": created_at };
    const set = ["#created = if_not_exists(#created, :created)"];
    Object.entries(fields).forEach(([name, value], index) => {
      names[`#f${index}`] = name;
      values[`:f${index}`] = value;
      set.push(`#f${index} = :f${index}`);
    });
    if (last_available_at === null) {
      names["#available"] = "last_available_at";
      values[":null"] = null;
      set.push("#available = if_not_exists(#available, :null)");
    }
    // Which sweep wrote last says nothing about what is written now.
    const remove = [...row.remove, "sweep_call"];
    remove.forEach((name, index) => {
      names[`#r${index}`] = name;
    });
    const write = new UpdateCommand({
      TableName: this.#table,
      Key: { product_key: product_id },
      UpdateExpression: `SET ${set.join(", ")} REMOVE ${remove.map((_, index) => `#r${index}`).join(", ")}`,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    });
    try {
      await this.#client.send(write);
      return undefined;
    } catch (error) {
      const why = refusedForGood(error);
      if (why === undefined) throw translateSdkError(error, "writing a product");
      return why;
    }
  }
}
