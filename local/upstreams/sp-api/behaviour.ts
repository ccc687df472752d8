import * as z from "zod";
import { baseBehaviour } from "../shared/server/behaviour.ts";

/** Switches of SP-API beside those of every simulator. */
export const spApiBehaviour = {
  ...baseBehaviour,
  /** One rate for every operation, with a burst of one second's worth; null: each operation's documented rate and burst. */
  calls_per_second: z.number().positive().max(1000).nullable().default(null),
  calls_per_day: z.number().int().min(0).default(1_000_000_000),
  /** Seconds that a new access token is good for. */
  token_expires_in: z.number().int().min(1).default(3600),
  /** Where `x-amzn-RateLimit-Limit` is sent: on 200, 400 and 404 as documented, on 429 too, or nowhere. */
  rate_header: z.enum(["documented", "with_429", "never"]).default("documented"),
  /** Every call 403, as when the application lost its role. */
  not_authorized: z.boolean().default(false),
  /** Every call 429, whatever the pace. */
  endless_429: z.boolean().default(false),
  /** ASINs that the account itself sells, new, under the SKU `SKU-<ASIN>`: getPricing knows no other offers. */
  own_asins: z.array(z.string()).default([]),
  /** Whether a credential is good only in the shops of its region. */
  bind_regions: z.boolean().default(true),
  /** Whether `attributes` come at all: they are promised to brand owners only. */
  no_attributes: z.boolean().default(false),
};
