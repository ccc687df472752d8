import * as z from "zod";
import { plainImage, type StreamImage } from "../common/adapters/dynamodb/stream-image.ts";
import { CatalogRowSchema } from "../common/core/catalogs/catalog-row.ts";
import { errorWords } from "../common/core/error-words.ts";
import {
  type CatalogProgress,
  isNews,
  ProgressRowSchema,
  progressBeforeRun,
  progressOfRun,
} from "../common/core/live/catalog-progress.ts";
import { type Channel, catalogChannel, sellerChannel } from "../common/core/live/channels.ts";
import { type NewProduct, newProductOf } from "../common/core/live/new-product.ts";
import { ShopProductSchema } from "../common/core/shop/shop-product.ts";

/** What Lambda hands over: records of one shard of a table's stream, in the order of their changes. */
export const StreamEventSchema = z.object({
  Records: z.array(
    z.object({
      eventName: z.string().optional(),
      dynamodb: z.object({
        SequenceNumber: z.string().min(1),
        NewImage: z.record(z.string(), z.unknown()).optional(),
      }),
    }),
  ),
});
type StreamRecord = z.infer<typeof StreamEventSchema>["Records"][number];

/** What the listeners of a channel are to be sent: the state of a catalog, which stands for all before it, or a product. */
export interface Change<Message extends CatalogProgress | NewProduct = CatalogProgress | NewProduct> {
  readonly channel: Channel;
  readonly message: Message;
  /** Of the record; a failure is reported by it. */
  readonly sequenceNumber: string;
}

/** The changes that records tell of, and the records that cannot be read. */
export interface ReadChanges {
  readonly progress: readonly Change<CatalogProgress>[];
  readonly products: readonly Change<NewProduct>[];
  readonly unreadable: readonly { readonly sequenceNumber: string; readonly problem: string }[];
}

/** Rows that the state of a catalog is in: its newest run's, and its own before the first. */
const StateImageSchema = z.discriminatedUnion("row_type", [
  ProgressRowSchema.extend({ row_type: z.literal("run") }),
  CatalogRowSchema.pick({
    catalog_id: true,
    row_type: true,
    tracking_id: true,
    rows: true,
    state: true,
    created_at: true,
    deleted_at: true,
  }),
]);
type StateImage = z.infer<typeof StateImageSchema>;

/** Undefined where a snapshot says something else: what its run's row says, or that there is no such catalog. */
const progressOf = (row: StateImage): CatalogProgress | undefined => {
  if (row.row_type === "run") return progressOfRun(row);
  return row.tracking_id === null && row.deleted_at === null ? progressBeforeRun(row) : undefined;
};

/** Rows of the shop's products have no type: they are the only ones of their table. */
const isOfShop = (image: Record<string, unknown>): boolean => !("row_type" in image) && "seller_handle" in image;

/** The item, or why it is none: one bad image must not hold up the records beside it. */
const readImage = (image: StreamImage): Record<string, unknown> | string => {
  try {
    return plainImage(image);
  } catch (error) {
    return errorWords(error);
  }
};

/**
 * Reads records of the tables of catalogs with their runs, and of the shop's products. Of a catalog only the newest state is left: it says all that the
 * earlier ones did, so a burst of records costs one message. Of products each is left. Records without an image are deletions,
 * which tell listeners nothing.
 */
export const readChanges = (records: readonly StreamRecord[]): ReadChanges => {
  const newest = new Map<Channel, Change<CatalogProgress>>();
  const products: Change<NewProduct>[] = [];
  const unreadable: { sequenceNumber: string; problem: string }[] = [];
  for (const { dynamodb } of records) {
    if (!dynamodb.NewImage) continue;
    const { SequenceNumber: sequenceNumber } = dynamodb;
    const image = readImage(dynamodb.NewImage);
    if (typeof image === "string") {
      unreadable.push({ sequenceNumber, problem: image });
      continue;
    }
    if (isOfShop(image)) {
      const product = ShopProductSchema.safeParse(image);
      if (!product.success) unreadable.push({ sequenceNumber, problem: z.prettifyError(product.error) });
      else {
        const channel = sellerChannel(product.data.seller_handle);
        products.push({ channel, message: newProductOf(product.data), sequenceNumber });
      }
      continue;
    }
    const parsed = StateImageSchema.safeParse(image);
    if (!parsed.success) {
      unreadable.push({ sequenceNumber, problem: z.prettifyError(parsed.error) });
      continue;
    }
    const message = progressOf(parsed.data);
    if (!message) continue;
    const channel = catalogChannel(message.catalog_id);
    if (isNews(newest.get(channel)?.message, message)) newest.set(channel, { channel, message, sequenceNumber });
  }
  return { progress: [...newest.values()], products, unreadable };
};
