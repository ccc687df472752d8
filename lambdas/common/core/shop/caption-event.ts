import * as z from "zod";
import { shopMoment, shopNumber, shopWords } from "./shop-fields.ts";
import { SellerHandleSchema, VideoIdSchema } from "./shop-ids.ts";

/** Characters of a caption that are kept; the longest that video platforms take. */
const MAX_RAW_CAPTION = 5_000;

/** What the caption of a video says of its product. */
export const CaptionSchema = z.object({
  title: shopWords(500).describe("Name of the product, 1 to 500 characters."),
  price: shopNumber(1_000_000_000).nullable().describe("Price as a number; null: the caption names none."),
  sizes: z.array(shopWords(50)).max(50).nullable().describe("Sizes that the caption names; null: it names none."),
  tags: z.array(shopWords(100)).max(50).describe("Words to find it by."),
  confidence_score: shopNumber(100)
    .nullable()
    .describe("How sure the parser is, on its own scale; null: it does not say."),
  raw_caption: z
    .string()
    .transform((text) => text.slice(0, MAX_RAW_CAPTION).toWellFormed())
    .nullable()
    .describe("The caption itself, cut after 5,000 characters; null: not given."),
  timestamp: shopMoment().describe("When the caption was parsed."),
});
export type Caption = z.output<typeof CaptionSchema>;

const { price, sizes, tags, confidence_score, raw_caption } = CaptionSchema.shape;

/** Message of the queue `caption-parsed`. What a caption does not name may be left out; fields beside these are dropped. */
export const CaptionEventSchema = CaptionSchema.extend({
  video_id: VideoIdSchema.describe("The video."),
  seller_handle: SellerHandleSchema.describe("The seller."),
  price: price.default(null),
  sizes: sizes.default(null),
  tags: tags.default([]),
  confidence_score: confidence_score.default(null),
  raw_caption: raw_caption.default(null),
}).meta({ id: "CaptionParsed" });
