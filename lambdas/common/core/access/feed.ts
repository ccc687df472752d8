import * as z from "zod";
import { AccessRowSchema } from "./access-row.ts";

/** Id of a feed, which is no secret. */
export const FeedIdSchema = z.string().regex(/^feed_[0-9a-hjkmnp-tv-z]{16}$/, "a feed id is feed_ + 16 characters");

/** Feeds of one catalog. */
export const MAX_FEEDS = 20;
/** Products of a catalog that has feeds: more would not be read, nor fit an answer, in the time that a request has. */
export const MAX_FEED_PRODUCTS = 5_000;

/** `public`: without what may not stand on a public site; `all`: what its owner sees. */
export const FeedFieldsSchema = z.enum(["public", "all"]);

/** Row `feed#<id>` of the table `access`; its owner there is the catalog. */
export const FeedRowSchema = AccessRowSchema.extend({
  feed_id: FeedIdSchema,
  catalog_id: z.string(),
  user_id: z.string(),
  name: z.string(),
  fields: FeedFieldsSchema,
  /** SHA-256 of the whole token, hex; the token itself is nowhere. */
  secret_hash: z.string(),
  revoked_at: z.iso.datetime().optional(),
});
export type FeedRow = z.infer<typeof FeedRowSchema>;
