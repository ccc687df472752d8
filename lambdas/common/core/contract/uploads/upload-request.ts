import * as z from "zod";
import { UPLOAD_LIMITS } from "../../catalogs/ingest/ingest-limits.ts";
import { ReadingChoicesSchema } from "../../catalogs/ingest/reading-choices.ts";
import { MarketplaceSchema } from "../../products/marketplaces.ts";
import { SourceIdSchema } from "../../source-ids.ts";
import { NOT_BLANK } from "../../text/not-blank.ts";
import { CatalogNameSchema } from "./catalog-name.ts";
import { MARKETPLACE_WORDS, RUN_WORDS, SIZE_RULE } from "./run-choices.ts";

/** Body of `POST /catalogs/uploads`. */
export const UploadRequestBodySchema = z
  .strictObject({
    name: CatalogNameSchema.optional().describe("Name of the catalog; absent: the file's name."),
    marketplace: MarketplaceSchema.optional().describe(MARKETPLACE_WORDS).meta({ type: "string" }),
    file_name: z
      .string()
      .trim()
      .min(1)
      .max(255)
      .describe("Name of the file; its ending tells the format when the content type does not.")
      .meta(NOT_BLANK),
    content_type: z
      .string()
      .max(200)
      .regex(/^[\x20-\x7e]*$/, "must be plain text, such as text/csv")
      .optional()
      .describe(
        "Type of the file, as for an upload in the request. Absent: application/octet-stream, and the content tells.",
      ),
    // What is out of these bounds gets words of its own, and 413 above them.
    content_length: z
      .number()
      .int()
      .min(0)
      .describe("Exact size of the file, bytes; at most 1 GiB.")
      .meta({ minimum: 1, maximum: UPLOAD_LIMITS.bytes }),
    ...ReadingChoicesSchema.shape,
    enrich: z.boolean().default(true).describe("Whether a run begins as soon as the file is read."),
    provider: SourceIdSchema.optional().describe(RUN_WORDS.provider),
    fallback: z.boolean().default(true).describe(RUN_WORDS.fallback),
    force: z.boolean().default(false).describe(RUN_WORDS.force),
    batch_size: z
      .union([z.literal("auto"), z.number(SIZE_RULE).int(SIZE_RULE).min(5, SIZE_RULE).max(50, SIZE_RULE)], SIZE_RULE)
      .optional()
      .describe(RUN_WORDS.batch_size),
    include: z.enum(["variations"]).optional().describe(RUN_WORDS.include),
    refresh: z.enum(["daily", "off"]).default("off").describe(RUN_WORDS.refresh),
    dry_run: z
      .boolean()
      .default(false)
      .describe("Judge the file and estimate only; `GET /catalogs/dry-runs/{id}` has the report."),
  })
  .meta({ id: "UploadRequest" });
export type UploadRequestBody = z.output<typeof UploadRequestBodySchema>;
/** As a client writes it. */
export type UploadRequestInput = z.input<typeof UploadRequestBodySchema>;
