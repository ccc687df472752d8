import * as z from "zod";
import { plainImage, type StreamImage } from "../common/adapters/dynamodb/stream-image.ts";
import { errorWords } from "../common/core/error-words.ts";
import {
  type CatalogProgress,
  isNews,
  ProgressRowSchema,
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

const RunImageSchema = ProgressRowSchema.extend({ row_type: z.literal("run") });

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
 * Reads records of the tables of runs and of the shop's products. Of a catalog only the newest state is left: it says all that the
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
    const parsed = RunImageSchema.safeParse(image);
    if (!parsed.success) {
      unreadable.push({ sequenceNumber, problem: z.prettifyError(parsed.error) });
      continue;
    }
    const message = progressOfRun(parsed.data);
    const channel = catalogChannel(message.catalog_id);
    if (isNews(newest.get(channel)?.message, message)) newest.set(channel, { channel, message, sequenceNumber });
  }
  return { progress: [...newest.values()], products, unreadable };
};
