import { claimedFormat } from "../../../common/core/catalogs/ingest/formats/catalog-format.ts";
import { refuseFileName } from "../../../common/core/catalogs/ingest/formats/refuse-file-name.ts";
import { emptyCatalog, tooManyBytes } from "../../../common/core/catalogs/ingest/ingest-errors.ts";
import { UPLOAD_LIMITS } from "../../../common/core/catalogs/ingest/ingest-limits.ts";
import { readingChoices } from "../../../common/core/catalogs/ingest/reading-choices.ts";
import type { UploadRequest } from "../../../common/core/catalogs/upload-request.ts";
import type { UploadRequestBody } from "../../../common/core/contract/uploads/upload-request.ts";

/** Says nothing about the content, so ingest recognises the format from the content. */
const UNKNOWN_TYPE = "application/octet-stream";

/**
 * Refuses a file that cannot be a catalog, before a byte of it is sent.
 * @throws ValidationError 415 for spreadsheets, archives and other types, 413 above 1 GiB, 400 for an empty file
 */
export const refuseUnusable = ({ file_name, content_type, content_length }: UploadRequestBody): void => {
  refuseFileName(file_name, content_type);
  claimedFormat(content_type);
  if (content_length > UPLOAD_LIMITS.bytes) throw tooManyBytes(UPLOAD_LIMITS);
  if (content_length === 0) throw emptyCatalog("The file is empty.");
};

/** The request as it is stored until the file is read. */
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
  reading: readingChoices(body),
  correlation_id: correlationId,
});
