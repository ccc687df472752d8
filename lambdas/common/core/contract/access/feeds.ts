import * as z from "zod";
import { FeedFieldsSchema, FeedIdSchema, FeedRowSchema } from "../../access/feed.ts";
import { NOT_BLANK } from "../../text/not-blank.ts";

const row = FeedRowSchema.shape;
const FIELDS = "`public`: without what may not stand on a public site; `all`: also prices for internal use.";

/** Body of `POST /catalogs/{id}/feeds`. */
export const FeedRequestSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(100).meta(NOT_BLANK).describe("What it is for, in words of yours."),
    fields: FeedFieldsSchema.default("public").describe(FIELDS).meta({ default: "public" }),
  })
  .meta({ id: "FeedRequest" });

/** A feed as the owner of its catalog sees it. */
export const FeedSchema = z
  .object({
    feed_id: FeedIdSchema.describe("Names the feed; it is no secret."),
    catalog_id: row.catalog_id.describe("The catalog whose products it has."),
    name: row.name.describe("What it is for."),
    fields: FeedFieldsSchema.describe(FIELDS),
    created_at: row.created_at.describe("When it was made."),
  })
  .meta({ id: "Feed" });
export type Feed = z.infer<typeof FeedSchema>;

/** Answer of `GET /catalogs/{id}/feeds`. */
export const FeedListSchema = z.object({ items: z.array(FeedSchema).describe("The feeds that are not revoked.") });

/** Answer of `POST /catalogs/{id}/feeds`. */
export const NewFeedSchema = FeedSchema.extend({
  csv_path: z
    .string()
    .describe(
      "Below the API's address, the CSV for spreadsheets. Who has it can read the feed; it is shown here once.",
    ),
  json_path: z.string().describe("The same as JSON."),
}).meta({ id: "NewFeed" });
