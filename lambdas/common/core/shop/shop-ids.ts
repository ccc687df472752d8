import * as z from "zod";

/** A seller's name in the shop, as its events give it; safe in paths and keys, case counts. */
export const SellerHandleSchema = z
  .string()
  .regex(/^@?[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/, "must be 1 to 100 letters, digits, dots, dashes or underscores");

/** A seller's video, as its events name it; safe in paths and keys, case counts. */
export const VideoIdSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9_-][A-Za-z0-9._:-]{0,127}$/,
    "must be 1 to 128 letters, digits, dots, colons, dashes or underscores",
  );

/** What an assembly is known by: one product a video and seller. */
export interface ShopKey {
  readonly video_id: string;
  readonly seller_handle: string;
}
