import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type { ShopKey } from "../../../core/shop/shop-ids.ts";
import { type ShopProduct, ShopProductSchema } from "../../../core/shop/shop-product.ts";
import { isAsPut, itemOnFailure, translateSdkError, withSdkErrors } from "../../aws/sdk-errors.ts";
import { batchGet } from "../batch-get.ts";
import { queryUpTo } from "../query-pages.ts";

/** A place in a seller's list. */
interface Place {
  readonly created_at: string;
  readonly video_id: string;
}

/** Which part of a seller's list, newest first. */
export interface ShopRange {
  /** ISO time, excluded; null: from the first product on. */
  readonly since: string | null;
  /** ISO time, included; not before `since`. */
  readonly until: string;
  /** Place to continue after; undefined: from the newest on. */
  readonly after: Place | undefined;
  readonly limit: number;
}

const KeysSchema = z.object({ seller_handle: z.string(), video_id: z.string(), created_at: z.string() });

/** The `shop-products` table: each product is written once. */
export class ShopProducts {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#table = tableName;
  }

  /** Writes a product unless it is there. @returns the one that is there; undefined when it was written. @throws TransientError */
  async create(product: ShopProduct): Promise<ShopProduct | undefined> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: product,
          ConditionExpression: "attribute_not_exists(video_id)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
      return undefined;
    } catch (error) {
      const item = itemOnFailure(error);
      if (!item) throw translateSdkError(error, "writing a shop's product");
      // The answer of the first attempt was lost, and the SDK has sent it again.
      if (isAsPut(error, { ...product })) return undefined;
      return ShopProductSchema.parse(item);
    }
  }

  /** The product as of now; undefined when there is none. @throws TransientError */
  async get({ seller_handle, video_id }: ShopKey): Promise<ShopProduct | undefined> {
    const { Item } = await withSdkErrors("reading a shop's product", () =>
      this.#client.send(
        new GetCommand({ TableName: this.#table, Key: { seller_handle, video_id }, ConsistentRead: true }),
      ),
    );
    return Item ? ShopProductSchema.parse(Item) : undefined;
  }

  /** Those of many products that are there as of now, in any order. @param keys distinct @throws TransientError */
  async readMany(keys: readonly ShopKey[]): Promise<readonly ShopProduct[]> {
    const items = await batchGet(this.#client, {
      table: this.#table,
      keys: keys.map(({ seller_handle, video_id }) => ({ seller_handle, video_id })),
      doing: "reading a shop's products",
      consistent: true,
    });
    return items.map((item) => ShopProductSchema.parse(item));
  }

  /** A page of a seller's products, newest first, and whether more follow. @throws TransientError */
  async list(
    seller_handle: string,
    { since, until, after, limit }: ShopRange,
  ): Promise<{ readonly products: readonly ShopProduct[]; readonly hasMore: boolean }> {
    // What was made in the very millisecond of `since` was in the list before: texts after it begin with it and go on. No key
    // may be compared with an empty text.
    const from = since === null ? "0" : `${since}\u0000`;
    const { items } = await queryUpTo(
      this.#client,
      {
        doing: "listing a shop's products",
        TableName: this.#table,
        IndexName: "by-created",
        KeyConditionExpression: "seller_handle = :seller AND created_at BETWEEN :from AND :until",
        ExpressionAttributeValues: { ":seller": seller_handle, ":from": from, ":until": until },
        ScanIndexForward: false,
        ...(after === undefined ? {} : { after: { seller_handle, ...after } }),
      },
      // One more says whether more follow: a key to continue after does not.
      limit + 1,
    );
    const keys = items.map((item) => KeysSchema.parse(item)).slice(0, limit);
    const found = await this.readMany(keys.map(({ video_id }) => ({ seller_handle, video_id })));
    const byVideo = new Map(found.map((one) => [one.video_id, one]));
    const products = keys.flatMap(({ video_id }) => byVideo.get(video_id) ?? []);
    return { products, hasMore: items.length > limit };
  }
}
