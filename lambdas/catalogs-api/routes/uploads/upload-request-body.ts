import { claimedFormat } from "../../../core/catalogs/ingest/catalog-format.ts";
import { emptyCatalog, tooManyBytes } from "../../../core/catalogs/ingest/ingest-errors.ts";
import { UPLOAD_LIMITS } from "../../../core/catalogs/ingest/ingest-limits.ts";
import { refuseFileName } from "../../../core/catalogs/ingest/refuse-file-name.ts";
import type { UploadRequest } from "../../../core/catalogs/upload-request.ts";
import { MarketplaceSchema } from "../../../core/products/marketplaces.ts";
import { SourceIdSchema } from "../../../core/source-ids.ts";
import * as z from "../../../platform/http/openapi-zod.ts";
import { MARKETPLACE_WORDS, RUN_WORDS, SIZE_RULE } from "../runs/run-query.ts";

/** Body of `POST /catalogs/uploads`. */
export const UploadRequestBodySchema = z
  .strictObject({
    name: z.string().trim().min(1).max(200).optional().describe("Name of the catalog; absent: the file's name."),
    marketplace: MarketplaceSchema.optional().describe(MARKETPLACE_WORDS).openapi({ type: "string" }),
    file_name: z
      .string()
      .trim()
      .min(1)
      .max(255)
      .describe("Name of the file; its ending tells the format when the content type does not."),
    content_type: z
      .string()
      .max(200)
      .regex(/^[\x20-\x7e]*$/, "must be plain text, such as text/csv")
      .optional()
      .describe(
        "Type of the file, as for an upload in the request. Absent: application/octet-stream, and the content tells.",
      ),
    content_length: z.number().int().min(0).describe("Exact size of the file, bytes; at most 1 GiB."),
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
  .openapi("UploadRequest");
export type UploadRequestBody = z.output<typeof UploadRequestBodySchema>;

/** Says nothing about the content, so that ingest looks at it. */
const UNKNOWN_TYPE = "application/octet-stream";

/**
 * Refuses what can be known to be no catalog before a byte of it is sent.
 * @throws ValidationError 415 for spreadsheets, archives and other types, 413 above 1 GiB, 400 for an empty file
 */
export const refuseHopeless = ({ file_name, content_type, content_length }: UploadRequestBody): void => {
  refuseFileName(file_name, content_type);
  claimedFormat(content_type);
  if (content_length > UPLOAD_LIMITS.bytes) throw tooManyBytes(UPLOAD_LIMITS);
  if (content_length === 0) throw emptyCatalog("The file is empty.");
};

/** The order as it is kept until the file is read. */
export const uploadRequest = (
  body: UploadRequestBody,
  correlationId: string,
  defaultBatchSize: number | "auto",
): UploadRequest => ({
  file_name: body.file_name,
  content_type: body.content_type?.trim() || UNKNOWN_TYPE,
  content_length: body.content_length,
  enrich: body.enrich,
  run: {
    provider: body.provider ?? null,
    fallback: body.fallback,
    force: body.force,
    include_variations: body.include === "variations",
    refresh_daily: body.refresh === "daily",
    batch_size: body.batch_size ?? defaultBatchSize,
  },
  correlation_id: correlationId,
});
