import * as z from "zod";
import { baseBehaviour } from "../shared/server/behaviour.ts";

/** Switches of PA-API beside those of every simulator. */
export const paapiBehaviour = {
  ...baseBehaviour,
  calls_per_second: z.number().positive().max(1000).default(1),
  calls_per_day: z.number().int().min(0).default(8640),
  /** Every call 429, as for a fresh key or an account without sales. */
  endless_429: z.boolean().default(false),
  /** Every call 403 InvalidAssociate, as after the account was closed. */
  invalid_associate: z.boolean().default(false),
  /** A Retry-After header on a 429; never seen on a recorded one. */
  retry_after: z.enum(["header", "none"]).default("none"),
  /** False: OffersV1 gives nothing any more, as since 2026-01-31. */
  offers_v1: z.boolean().default(true),
  no_ratings: z.boolean().default(false),
  used_buy_box: z.boolean().default(false),
  unknown_enums: z.boolean().default(false),
  unpriced_listing_asins: z.array(z.string()).default([]),
};
