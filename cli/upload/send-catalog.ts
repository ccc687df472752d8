import { randomUUID } from "node:crypto";
import { basename } from "node:path";
import { REQUEST_LIMITS } from "../../lambdas/common/core/catalogs/ingest/ingest-limits.ts";
import { type UploadReport, UploadReportSchema } from "../../lambdas/common/core/contract/uploads/upload-report.ts";
import type { SourceId } from "../../lambdas/common/core/source-ids.ts";
import { CliError } from "../cli-error.ts";
import type { Session } from "../run-command.ts";
import { catalogSize, contentTypeOf, readCatalogFile } from "./catalog-file.ts";
import { dryRunLarge, type LargeFile, uploadLarge } from "./upload-large.ts";

/** How a catalog is to be read and enriched; what is absent is as the API has it. */
export interface CatalogChoices {
  readonly marketplace?: string | undefined;
  /** @default the file's name */
  readonly name?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly provider?: SourceId | undefined;
  readonly fallback: boolean;
  readonly force?: boolean | undefined;
  readonly batchSize?: string | undefined;
  readonly asinColumn?: string | undefined;
  readonly urlColumn?: string | undefined;
  readonly marketplaceColumn?: string | undefined;
  readonly skuColumn?: string | undefined;
  readonly encoding?: string | undefined;
}

/** Codes of refusals that a presigned upload does not meet. */
const TOO_LARGE = ["too_many_rows", "catalog_too_large"];

/** How the file is to be read, by the names of the wire. */
const reading = (options: CatalogChoices) => ({
  asin_column: options.asinColumn,
  url_column: options.urlColumn,
  marketplace_column: options.marketplaceColumn,
  sku_column: options.skuColumn,
  encoding: options.encoding,
});

const send = (
  { api }: Session,
  file: string,
  body: Uint8Array<ArrayBuffer>,
  options: CatalogChoices,
): Promise<UploadReport> =>
  api.call({
    method: "POST",
    path: "/catalogs",
    query: {
      name: options.name ?? basename(file),
      marketplace: options.marketplace,
      provider: options.provider,
      fallback: options.fallback ? undefined : "false",
      force: options.force ? "true" : undefined,
      batch_size: options.batchSize,
      ...reading(options),
      dry_run: options.dryRun ? "true" : undefined,
    },
    body,
    headers: {
      "content-type": contentTypeOf(file),
      "idempotency-key": randomUUID(),
    },
    answer: UploadReportSchema,
  });

const largeFile = (path: string, bytes: number, options: CatalogChoices): LargeFile => {
  const { batchSize } = options;
  return {
    path,
    bytes,
    request: {
      name: options.name ?? basename(path),
      file_name: basename(path),
      content_type: contentTypeOf(path),
      marketplace: options.marketplace,
      provider: options.provider,
      fallback: options.fallback,
      force: options.force ?? false,
      batch_size: batchSize === undefined || batchSize === "auto" ? batchSize : Number(batchSize),
      ...reading(options),
    },
  };
};

/**
 * Sends a catalog of any size, or with `dryRun` has it judged only.
 * @returns the report, or the id of a catalog whose file is still to be read
 * @throws CliError when the file is none, cannot be read or is refused
 */
export const sendCatalog = async (
  session: Session,
  file: string,
  options: CatalogChoices,
): Promise<UploadReport | string> => {
  const bytes = await catalogSize(file);
  if (bytes <= REQUEST_LIMITS.bytes) {
    try {
      return await send(session, file, await readCatalogFile(file), options);
    } catch (error) {
      if (!(error instanceof CliError && TOO_LARGE.includes(String(error.problem?.code)))) throw error;
    }
  }
  const large = largeFile(file, bytes, options);
  return options.dryRun ? dryRunLarge(session, large) : uploadLarge(session, large);
};
