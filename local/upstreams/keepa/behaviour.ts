import * as z from "zod";
import { baseBehaviour } from "../shared/server/behaviour.ts";

/** Switches of Keepa beside those of every simulator. Its own limit is the token bucket; the call limits are for tests. */
export const keepaBehaviour = {
  ...baseBehaviour,
  calls_per_second: z.number().positive().max(1000).default(1000),
  calls_per_day: z.number().int().min(0).default(1_000_000_000),
  /** Tokens a minute; the bucket holds 60 minutes of them. Plans start at 5. */
  refill_rate: z.number().int().min(1).max(10_000).default(20),
  /** Sets the bucket when it is given; may be negative. Null: full after a start. */
  tokens_left: z.number().nullable().default(null),
  /** How an ASIN that Keepa does not have comes back: as an entry of productType 4, or not at all. */
  missing_asin: z.enum(["entry", "omitted"]).default("entry"),
  /** Every product call 200 with `error` and without `products`, as was measured. */
  error_200: z.boolean().default(false),
  /** The key's plan has no API access: 402. */
  no_access: z.boolean().default(false),
};
