import * as z from "zod";
import { ItemStateSchema } from "../batches/batch-states.ts";
import { isoTime } from "../clock.ts";
import { IsoTimeSchema } from "../iso-time.ts";
import { type SourceId, SourceIdSchema } from "../source-ids.ts";

const Count = z.number().int().min(0);

/** `csv` for spreadsheets, `jsonl` (one object a line) for programs. */
export const ExportFormatSchema = z.enum(["csv", "jsonl"]);
export type ExportFormat = z.infer<typeof ExportFormatSchema>;

/** State of one row of an export: that of its product in the run, or why the row has no product of its own. */
export const ExportRowStateSchema = z.enum([...ItemStateSchema.options, "duplicate", "rejected"]);
export type ExportRowState = z.infer<typeof ExportRowStateSchema>;

/** State of an export. `failed` may still become `ready` when an operator redrives its message. */
export const ExportStateSchema = z.enum(["queued", "running", "ready", "failed"]);
export type ExportState = z.infer<typeof ExportStateSchema>;

/** Id of an export: `exp_` and 16 random characters. */
export const ExportIdSchema = z.string().regex(/^exp_[0-9a-hjkmnp-tv-z]{16}$/, "an export id is exp_ + 16 characters");

/** A part of the object that is uploaded already. */
export const UploadedPartSchema = z.object({
  number: z.number().int().min(1).max(10_000),
  etag: z.string(),
  /** CRC-32 as S3 gave it; null when it gave none. */
  checksum: z.string().nullable(),
});
export type UploadedPart = z.infer<typeof UploadedPartSchema>;

/**
 * How far the work is. Everything before `offset` is in `parts` and `tail`, so that any worker can continue from here and
 * the result is the same as if none had stopped.
 */
export const ExportCheckpointSchema = z.object({
  /** `measure` finds the widest row, which the head of a CSV file must know; `complete`: only S3's assembly is left. */
  phase: z.enum(["measure", "write", "complete"]),
  /** Byte of `rows.ndjson` at which the next row starts. */
  offset: Count,
  rows_read: Count,
  rows_written: Count,
  /** Cells of the widest row, known once phase `measure` is over. */
  width: Count,
  /** Distinct products passed so far, by shop: the place in that shop's segment. */
  products: z.record(z.string(), Count),
  /** When the first field in the file ends by its licence; null or absent: none does. */
  valid_until: IsoTimeSchema.nullable().optional(),
  /** Sources of the fields in the file; absent: written before that was noted. */
  sources: z.array(SourceIdSchema).optional(),
  upload_id: z.string().nullable(),
  parts: z.array(UploadedPartSchema),
  /** Object with bytes that were too few for a part. */
  tail: z.string().nullable(),
});
export type ExportCheckpoint = z.infer<typeof ExportCheckpointSchema>;

/** Row `export#<id>` of `operations`: one export, from the request until it is forgotten after 30 days. */
export const ExportJobSchema = z.object({
  operation_key: z.string(),
  kind: z.literal("export"),
  export_id: ExportIdSchema,
  catalog_id: z.string(),
  user_id: z.string(),
  /** Run whose states are shown, fixed when the export is asked for; null: there was none yet. */
  tracking_id: z.string().nullable(),
  format: ExportFormatSchema,
  /** Only rows of this state; null: all. */
  row_state: ExportRowStateSchema.nullable(),
  /** Without the fields that may not stand on a public site. Absent means no. */
  public: z.boolean().optional(),
  /** When the first field in the ready file ends by its licence: nobody gets it then. Null or absent: none does. */
  valid_until: IsoTimeSchema.nullable().optional(),
  /** Sources of the fields in the ready file; absent: written before that was noted, so it may be any. */
  sources: z.array(SourceIdSchema).optional(),
  /** The source whose revocation removed the file; absent: none did. */
  revoked_source: SourceIdSchema.optional(),
  file_name: z.string(),
  object_key: z.string(),
  state: ExportStateSchema,
  /** Rows of the catalog: distinct products, duplicates and rejects. */
  total_rows: Count,
  rows_read: Count,
  rows_written: Count,
  /** Null before the first stop. */
  checkpoint: ExportCheckpointSchema.nullable(),
  lease_owner: z.string().optional(),
  lease_until: IsoTimeSchema.optional(),
  /** Whether the holder of the lease, or the last one, had a message that is not delivered again. Absent means no. */
  last_delivery: z.boolean().optional(),
  /** Why it failed, for its user; null otherwise. */
  failure: z.string().nullable(),
  correlation_id: z.string(),
  created_at: IsoTimeSchema,
  updated_at: IsoTimeSchema,
  /** Epoch seconds; the table's expiry. */
  expires_at: z.number().int(),
});
export type ExportJob = z.infer<typeof ExportJobSchema>;

/** The first revoked source of which a file shows a field, or of which nobody knows; undefined: none. */
export const revokedIn = (
  { sources }: Pick<ExportJob, "sources">,
  revoked: ReadonlySet<SourceId>,
): SourceId | undefined => [...revoked].find((source) => sources === undefined || sources.includes(source));

/** How long the bucket keeps the files of exports; their rows live no longer. */
export const EXPORT_DAYS = 30;
const KEPT_SECONDS = EXPORT_DAYS * 86_400;

/** Key of an export in `operations`. */
export const exportKey = (exportId: string): string => `export#${exportId}`;

/** What an export is asked for with. */
export interface ExportRequest
  extends Pick<
    ExportJob,
    | "export_id"
    | "catalog_id"
    | "user_id"
    | "tracking_id"
    | "format"
    | "row_state"
    | "public"
    | "total_rows"
    | "correlation_id"
  > {
  readonly file_name: string;
  readonly nowMs: number;
}

/** The row of a new export. */
export const newExportJob = ({ nowMs, ...request }: ExportRequest): ExportJob => {
  const now = isoTime(nowMs);
  return {
    ...request,
    operation_key: exportKey(request.export_id),
    kind: "export",
    object_key: `exports/${request.export_id}/export.${request.format}`,
    state: "queued",
    rows_read: 0,
    rows_written: 0,
    checkpoint: null,
    failure: null,
    created_at: now,
    updated_at: now,
    expires_at: Math.floor(nowMs / 1000) + KEPT_SECONDS,
  };
};

/** Where a new export begins. Lines of JSON need no common width, so they are not measured. */
export const firstCheckpoint = (format: ExportFormat): ExportCheckpoint => ({
  phase: format === "csv" ? "measure" : "write",
  offset: 0,
  rows_read: 0,
  rows_written: 0,
  width: 0,
  products: {},
  sources: [],
  upload_id: null,
  parts: [],
  tail: null,
});
