import * as z from "zod";
import { CaptionSchema } from "./caption-event.ts";
import type { Half, Halves } from "./shop-event.ts";
import { SellerHandleSchema, type ShopKey, VideoIdSchema } from "./shop-ids.ts";
import { ThumbnailsSchema } from "./thumbnails-event.ts";

const { timestamp: caption_timestamp, ...captionFields } = CaptionSchema.shape;
const { timestamp: thumbnail_timestamp, ...thumbnailFields } = ThumbnailsSchema.shape;

/** A product of a shop: a row of `shop-products`, and what the API answers. */
export const ShopProductSchema = z
  .object({
    video_id: VideoIdSchema.describe("The video that shows it."),
    seller_handle: SellerHandleSchema.describe("Who sells it."),
    ...captionFields,
    ...thumbnailFields,
    caption_timestamp,
    thumbnail_timestamp,
    created_at: z.iso.datetime().describe("When both halves were there and the product was made."),
    updated_at: z.iso.datetime().describe("When it was changed last: it is written once, so the same moment."),
  })
  .meta({ id: "ShopProduct" });
export type ShopProduct = z.output<typeof ShopProductSchema>;

/** The product that two halves make. @param createdAt ISO time */
export const shopProductOf = (key: ShopKey, { caption, thumbnails }: Halves, createdAt: string): ShopProduct => {
  const { timestamp: captionAt, ...words } = caption;
  const { timestamp: thumbnailAt, ...pictures } = thumbnails;
  return {
    ...{ video_id: key.video_id, seller_handle: key.seller_handle },
    ...words,
    ...pictures,
    ...{ caption_timestamp: captionAt, thumbnail_timestamp: thumbnailAt },
    ...{ created_at: createdAt, updated_at: createdAt },
  };
};

/** One half of a product, as its event brought it. */
export const halfOf = (product: ShopProduct, half: Half): Halves[Half] => {
  if (half === "caption") {
    const { title, price, sizes, tags, confidence_score, raw_caption, caption_timestamp: timestamp } = product;
    return { title, price, sizes, tags, confidence_score, raw_caption, timestamp };
  }
  const { thumbnails, primary_thumbnail, processing_metadata, thumbnail_timestamp: timestamp } = product;
  return { thumbnails, primary_thumbnail, processing_metadata, timestamp };
};
