import * as z from "zod";
import { shopAddress, shopMoment, shopNumber } from "./shop-fields.ts";
import { SellerHandleSchema, VideoIdSchema } from "./shop-ids.ts";

/** Pictures of one product at most; a short video may give fewer. */
export const MAX_THUMBNAILS = 5;

const pixels = z.number().int().min(1).max(32_768);
const count = z.number().int().min(0).max(1_000_000_000);

/** One picture of a video. */
export const ThumbnailSchema = z.object({
  url: shopAddress().describe("Where the picture is."),
  width: pixels.describe("Pixels."),
  height: pixels.describe("Pixels."),
  timestamp: z
    .union([shopNumber(1_000_000_000), shopMoment()])
    .describe("Its place in the video, seconds from the beginning, or a moment in ISO form."),
});

/** What was made of the pictures of a video. */
export const ThumbnailsSchema = z.object({
  thumbnails: z.array(ThumbnailSchema).min(1).max(MAX_THUMBNAILS).describe("The pictures, 1 to 5."),
  primary_thumbnail: z
    .union([shopAddress(), ThumbnailSchema])
    .describe("The picture to show first: its address, or the picture itself, as the event gave it."),
  processing_metadata: z
    .object({
      video_duration: shopNumber(1_000_000_000).describe("Seconds."),
      frames_analyzed: count.describe("Frames that were looked at."),
      thumbnails_generated: count.describe("Pictures that were made."),
      processing_time_ms: shopNumber(1_000_000_000_000).describe("Milliseconds that it took."),
    })
    .describe("How the pictures were made."),
  timestamp: shopMoment().describe("When the pictures were made."),
});
export type Thumbnails = z.output<typeof ThumbnailsSchema>;

/** Message of the queue `thumbnail-generated`. Fields that it does not name are dropped. */
export const ThumbnailsEventSchema = ThumbnailsSchema.extend({
  video_id: VideoIdSchema.describe("The video."),
  seller_handle: SellerHandleSchema.describe("The seller."),
}).meta({ id: "ThumbnailGenerated" });
