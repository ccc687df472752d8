import * as z from "zod";
import { type Caption, CaptionEventSchema } from "./caption-event.ts";
import type { ShopKey } from "./shop-ids.ts";
import { type Thumbnails, ThumbnailsEventSchema } from "./thumbnails-event.ts";

/** What each half of a product is made of. */
export interface Halves {
  readonly caption: Caption;
  readonly thumbnails: Thumbnails;
}
export type Half = keyof Halves;

/** One half of one product, as an event brings it. */
export type ShopEvent = {
  readonly [Name in Half]: { readonly half: Name; readonly key: ShopKey; readonly content: Halves[Name] };
}[Half];

const hasPictures = (body: unknown): boolean =>
  typeof body === "object" && body !== null && ("thumbnails" in body || "primary_thumbnail" in body);

/**
 * Any message of the shop line. Its own fields say which half it is, whichever of the two queues it came by, so that a
 * producer which mixes them up loses nothing.
 */
export const ShopEventSchema: z.ZodType<ShopEvent> = z.unknown().transform((body, context): ShopEvent => {
  const parsed = hasPictures(body) ? ThumbnailsEventSchema.safeParse(body) : CaptionEventSchema.safeParse(body);
  if (!parsed.success) {
    for (const { path, message } of parsed.error.issues) context.addIssue({ code: "custom", path, message });
    return z.NEVER;
  }
  const { video_id, seller_handle, ...content } = parsed.data;
  const key = { video_id, seller_handle };
  return "thumbnails" in content ? { half: "thumbnails", key, content } : { half: "caption", key, content };
});
