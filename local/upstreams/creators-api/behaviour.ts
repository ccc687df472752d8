import * as z from "zod";
import { baseBehaviour } from "../shared/server/behaviour.ts";

/** Switches of the Creators API beside those of every simulator. */
export const creatorsBehaviour = {
  ...baseBehaviour,
  calls_per_second: z.number().positive().max(1000).default(1),
  calls_per_day: z.number().int().min(0).default(8640),
  /** Seconds that a new token is good for. */
  token_expires_in: z.number().int().min(1).default(3600),
  /** Every call 403, as after a month without sales. */
  not_eligible: z.boolean().default(false),
  /** Every call 429, as for an account without sales. */
  endless_429: z.boolean().default(false),
  /** Where a 429 says how long to wait. */
  retry_after: z.enum(["body", "header", "both", "none"]).default("body"),
  /** Whether a credential is good only in the shops of its region. */
  bind_regions: z.boolean().default(true),
  /** Null for every resource that was not asked for, instead of nothing. */
  explicit_nulls: z.boolean().default(false),
  /** Never a customerReviews, as many accounts see it. */
  no_ratings: z.boolean().default(false),
  used_buy_box: z.boolean().default(false),
  unknown_enums: z.boolean().default(false),
  unpriced_listing_asins: z.array(z.string()).default([]),
  /** `__type` with a namespace instead of `type` in failures, as one page of the documentation prints it. */
  namespaced_error_types: z.boolean().default(false),
};
