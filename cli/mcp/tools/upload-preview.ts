import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { basename } from "node:path";
import * as z from "zod";
import { UPLOAD_LIMITS } from "../../../lambdas/common/core/catalogs/ingest/ingest-limits.ts";
import { type UploadReport, UploadReportSchema } from "../../../lambdas/common/core/contract/uploads/upload-report.ts";
import { SourceIdSchema } from "../../../lambdas/common/core/source-ids.ts";
import { CliError, EXIT } from "../../cli-error.ts";
import { catalogSize } from "../../upload/catalog-file.ts";
import { explainNoEstimate } from "../../upload/no-estimate.ts";
import { type CatalogChoices, sendCatalog } from "../../upload/send-catalog.ts";
import type { Bound } from "../confirmations.ts";
import type { ToolCall } from "../tool.ts";

/** Bad rows that a report shows; all of them are counted. */
const SHOWN_ROWS = 10;

/** Which file, and how it is to be enriched. */
export const UploadInputSchema = z.strictObject({
  file: z
    .string()
    .min(1)
    .max(4_000)
    .describe("The catalog: CSV, TSV, NDJSON or JSON in an allowed folder, with a column asin or url, or a bare list."),
  name: z.string().min(1).max(200).optional().describe("Name of the catalog; absent: the file's."),
  marketplace: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("Shop of the rows that name none, such as amazon.de; absent: amazon.com."),
  provider: SourceIdSchema.optional().describe("Source to ask first; absent: the deployment's order."),
  fallback: z.boolean().default(true).describe("false: ask the first source only."),
  force: z.boolean().default(false).describe("true: fetch products known from the last 24 hours again, too."),
});
type UploadInput = z.output<typeof UploadInputSchema>;

/** What a file holds and what enriching it takes. */
export const PreviewSchema = UploadReportSchema.omit({ message: true, catalog_id: true, tracking_id: true }).extend({
  no_estimate: z
    .object({ reason: z.string().describe("Why there is no estimate."), next_step: z.string().describe("What to do.") })
    .nullable()
    .describe("Why there is no estimate; null when there is one."),
});

/** Members of a preview that people's files wrote. */
export const PREVIEW_OUTSIDE = ["rejected.rows[].value", "rejected.rows[].reason", "notes[]"];

/** A file that was looked at. */
export interface Previewed {
  readonly preview: z.input<typeof PreviewSchema>;
  readonly path: string;
  readonly choices: CatalogChoices;
  /** The file as it was, and what was asked for. */
  readonly bound: Bound;
}

const digestOf = async (path: string): Promise<string> => {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest("hex");
};

/** A report as the assistant gets it. */
const toPreview = (report: UploadReport, no_estimate: z.input<typeof PreviewSchema>["no_estimate"]) => ({
  ...report,
  rejected: { count: report.rejected.count, rows: report.rejected.rows.slice(0, SHOWN_ROWS) },
  no_estimate,
});

/**
 * Has a file judged; nothing is stored of it but what a dry run leaves for a day.
 * @throws CliError when it may not be read, is too large or is no catalog
 */
export const previewUpload = async (call: ToolCall, input: UploadInput): Promise<Previewed> => {
  const path = await call.folders.catalog(input.file);
  if ((await catalogSize(path)) > UPLOAD_LIMITS.bytes)
    throw new CliError(EXIT.USAGE, `${input.file} is larger than ${UPLOAD_LIMITS.bytes} bytes: cut it into parts.`);
  const { file: _, ...asked } = input;
  const choices: CatalogChoices = { ...asked, name: input.name ?? basename(path) };
  const sha256 = await digestOf(path);
  const report = await sendCatalog(call, path, { ...choices, dryRun: true });
  if (typeof report === "string") throw new CliError(EXIT.UNAVAILABLE, "The deployment gave no report. Update it.");
  const noEstimate = report.estimate ? null : await explainNoEstimate(call.api, choices);
  return { preview: toPreview(report, noEstimate), path, choices, bound: { tool: "upload", path, sha256, ...choices } };
};
