import * as z from "zod";
import { HOUR_MS } from "../durations.ts";
import { CaptionSchema } from "./caption-event.ts";
import { SellerHandleSchema, VideoIdSchema } from "./shop-ids.ts";
import { ThumbnailsSchema } from "./thumbnails-event.ts";

/** From this age on a half without the other is an orphan. Milliseconds. */
export const ORPHAN_AFTER_MS = 24 * HOUR_MS;
/** How long a half waits for the other one. Seconds. */
export const STAGED_SECONDS = 7 * 24 * 3_600;

/** The hour that a moment lies in, in ISO form; orphans are counted by it. */
export const hourOf = (epochMs: number): string => new Date(Math.floor(epochMs / HOUR_MS) * HOUR_MS).toISOString();

/** A row of `assembly-staging`: what is there of a product that is not complete. */
export const StagedAssemblySchema = z.object({
  video_id: VideoIdSchema,
  seller_handle: SellerHandleSchema,
  caption: CaptionSchema.optional(),
  thumbnails: ThumbnailsSchema.optional(),
  /** Whether both halves are there; for a moment only, until the product is written. */
  is_complete: z.boolean(),
  /** When the first half came. */
  first_seen_at: z.iso.datetime(),
  /** Hour of the sweep that found it an orphan; absent: none did. */
  orphaned_in: z.iso.datetime().optional(),
  /** Epoch seconds. From then on the row is as good as gone: DynamoDB removes it within days. */
  ttl: z.number().int(),
});
export type StagedAssembly = z.output<typeof StagedAssemblySchema>;
