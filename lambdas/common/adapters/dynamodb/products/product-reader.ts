import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Clock } from "../../../core/clock.ts";
import type { LicenceBook } from "../../../core/licences/licence-book.ts";
import { type RevokedSources, withoutRevoked } from "../../../core/licences/revocations/without-revoked.ts";
import { withoutEnded } from "../../../core/licences/without-ended.ts";
import type { Product } from "../../../core/products/product.ts";
import { SOURCE_IDS, type SourceId } from "../../../core/source-ids.ts";
import { batchGet } from "../batch-get.ts";
import { parseStoredRow } from "./stored-row.ts";

/** What the table knows of a product. */
export interface KnownProduct {
  /** Absent while no source ever had it. */
  readonly product?: Product;
  /** Sources that do not have it, with the time until which that is believed. */
  readonly not_found: Readonly<Partial<Record<SourceId, string>>>;
  /** Object keys of the raw answers that the product was made from. */
  readonly raw_keys?: readonly string[];
  /** Until when the daily refresh keeps it; absent: it does not. */
  readonly refresh_until?: string;
}

/** How products are read. */
interface ReadOptions {
  /** Reads as of now, at twice the price. @default false */
  readonly consistent?: boolean;
}

/** Prefix of the attributes that remember who does not have a product. */
export const NOT_FOUND = "not_found_until_";

/** Called with the key of each product that cannot be read. */
type OnUnreadable = (productKey: string, error: Error) => void;

/** What readers may see, and when. */
export interface ReadRights {
  readonly licences: LicenceBook;
  readonly clock: Pick<Clock, "now">;
  /** Sources whose content may not be given out at all. @throws TransientError */
  readonly revoked: () => Promise<RevokedSources>;
}

/** What cannot be read counts as not stored: it is fetched again, and the next write replaces it. */
const knownProduct = (
  item: Record<string, unknown>,
  rights: ReadRights,
  revoked: RevokedSources,
  onUnreadable: OnUnreadable,
): KnownProduct => {
  const not_found: Partial<Record<SourceId, string>> = {};
  for (const source of SOURCE_IDS) {
    const until = item[NOT_FOUND + source];
    if (typeof until === "string") not_found[source] = until;
  }
  if (item.status === undefined) return { not_found };
  const product = parseStoredRow(item);
  const nowMs = rights.clock.now();
  if (!product.success) {
    onUnreadable(String(item.product_key), product.error);
    return { not_found };
  }
  return {
    not_found,
    product: withoutRevoked(withoutEnded(product.data, rights.licences, nowMs), revoked, nowMs),
    raw_keys: product.rawKeys,
    ...(typeof item.refresh_until === "string" ? { refresh_until: item.refresh_until } : {}),
  };
};

/** Where products that cannot be read are reported. */
export interface ProductLog {
  error(message: string, fields: Record<string, unknown>): void;
}

/**
 * Reads the `products` table. One product that cannot be read keeps no other from it. A field whose licence has ended
 * or whose source is revoked is never read: this is the only way to stored products.
 */
export class ProductReader {
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
    const [revoked, items] = await Promise.all([
      this.#rights.revoked(),
      batchGet(this.#client, { table: this.#table, keys: distinct, doing, consistent }),
    ]);
    const onUnreadable: OnUnreadable = (product_key, error) =>
      this.#log.error("a stored product cannot be read and counts as not stored", {
        product_key,
        error: error.message,
      });
    return new Map(
      items.map((item) => [String(item.product_key), knownProduct(item, this.#rights, revoked, onUnreadable)]),
    );
  }
}
