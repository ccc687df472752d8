import { type DynamoDBDocumentClient, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../../../core/clock.ts";
import type { LicenceBook } from "../../../core/licences/licence-book.ts";
import { withoutEnded } from "../../../core/licences/without-ended.ts";
import { type Product, ProductSchema } from "../../../core/products/product.ts";
import type { StoredProduct } from "../../../core/products/stored-product.ts";
import { SOURCE_IDS, type SourceId } from "../../../core/source-ids.ts";
import { refusedForGood, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { batchGet } from "../batch-get.ts";

/** Buckets of the rolling refresh: one for each hour of the day. */
export const REFRESH_BUCKETS = 24;
/** Writes of one save that are under way at once. */
const PARALLEL_WRITES = 20;

/** Bucket (0 to 23) of the hour in which a product is refreshed: FNV-1a of its key, so that it never moves. */
export const refreshBucket = (key: string): number => {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash % REFRESH_BUCKETS;
};

/** What the table knows of a product. */
export interface KnownProduct {
  /** Absent while no source ever had it. */
  readonly product?: Product;
  /** Sources that do not have it, with the time until which that is believed. */
  readonly not_found: Readonly<Partial<Record<SourceId, string>>>;
  /** Object keys of the raw answers that the product was made from. */
  readonly raw_keys?: readonly string[];
}

/** How products are read. */
interface ReadOptions {
  /** Reads as of now, at twice the price. @default false */
  readonly consistent?: boolean;
}

/** Prefix of the attributes that remember who does not have a product. */
const NOT_FOUND = "not_found_until_";

/** Called with the key of each product that cannot be read. */
type OnUnreadable = (productKey: string, error: Error) => void;

/** What readers may see, and when. */
export interface ReadRights {
  readonly licences: LicenceBook;
  readonly clock: Pick<Clock, "now">;
}

/** What cannot be read counts as not stored: it is fetched again, and the next write replaces it. */
const knownProduct = (item: Record<string, unknown>, rights: ReadRights, onUnreadable: OnUnreadable): KnownProduct => {
  const not_found: Partial<Record<SourceId, string>> = {};
  for (const source of SOURCE_IDS) {
    const until = item[NOT_FOUND + source];
    if (typeof until === "string") not_found[source] = until;
  }
  if (item.status === undefined) return { not_found };
  const product = ProductSchema.safeParse({ expired_at: null, ...item, product_id: item.product_key });
  if (!product.success) {
    onUnreadable(String(item.product_key), product.error);
    return { not_found };
  }
  return {
    not_found,
    product: withoutEnded(product.data, rights.licences, rights.clock.now()),
    raw_keys: Array.isArray(item.raw_keys) ? item.raw_keys.map(String) : [],
  };
};

/** Where products that cannot be read are reported. */
interface ProductLog {
  error(message: string, fields: Record<string, unknown>): void;
}

/**
 * The `products` table. One product that cannot be read or written keeps no other from it. A field whose licence has ended
 * is never read: this is the only way to stored products.
 */
export class ProductStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #rights: ReadRights;
  readonly #log: ProductLog;

  constructor(client: DynamoDBDocumentClient, tableName: string, rights: ReadRights, log: ProductLog) {
    this.#client = client;
    this.#table = tableName;
    this.#rights = rights;
    this.#log = log;
  }

  /** Reads products by key (`<marketplace>#<asin>`); those that are not there are left out. */
  async getMany(keys: readonly string[], options: ReadOptions = {}): Promise<Map<string, Product>> {
    const products = new Map<string, Product>();
    for (const [key, { product }] of await this.getKnown(keys, options)) if (product) products.set(key, product);
    return products;
  }

  /** Reads all that is known of products: the product itself, if any source ever had it, and who said it has not. */
  async getKnown(
    keys: readonly string[],
    { consistent = false }: ReadOptions = {},
  ): Promise<Map<string, KnownProduct>> {
    const distinct = [...new Set(keys)].map((product_key) => ({ product_key }));
    const doing = "reading products";
    const items = await batchGet(this.#client, { table: this.#table, keys: distinct, doing, consistent });
    const onUnreadable: OnUnreadable = (product_key, error) =>
      this.#log.error("a stored product cannot be read and counts as not stored", {
        product_key,
        error: error.message,
      });
    return new Map(items.map((item) => [String(item.product_key), knownProduct(item, this.#rights, onUnreadable)]));
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
   * Writes products, each whole, but keeps what must outlive a new answer: when it was created and when it was last
   * available. Safe to repeat.
   * @returns why, by product key, for each product that the table refuses for good; the others are written
   * @throws TransientError when one could not be written for now
   */
  async saveMany(products: readonly StoredProduct[]): Promise<ReadonlyMap<string, string>> {
    const refused = new Map<string, string>();
    const save = async (stored: StoredProduct): Promise<void> => {
      const why = await this.#save(stored);
      if (why !== undefined) refused.set(stored.product.product_id, why);
    };
    for (let from = 0; from < products.length; from += PARALLEL_WRITES) {
      await Promise.all(products.slice(from, from + PARALLEL_WRITES).map(save));
    }
    return refused;
  }

  /** @returns why the table refuses it for good; undefined when it is written */
  async #save({ product, raw_keys, refresh_until }: StoredProduct): Promise<string | undefined> {
    const { product_id, created_at, last_available_at, ...rest } = product;
    const fields: Record<string, unknown> = { ...rest, raw_keys, refresh_bucket: refreshBucket(product_id) };
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
    for (const [name, key] of [["last_available_at", "#available"] as const]) {
      if (name in fields) continue;
      names[key] = name;
      values[":null"] = null;
      set.push(`${key} = if_not_exists(${key}, :null)`);
    }
    const write = new UpdateCommand({
      TableName: this.#table,
      Key: { product_key: product_id },
      UpdateExpression: `SET ${set.join(", ")}`,
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
