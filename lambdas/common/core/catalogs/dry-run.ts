import * as z from "zod";
import { CatalogIdSchema } from "./catalog-id.ts";
import { CatalogRowSchema } from "./catalog-row.ts";
import { CatalogSegmentSchema } from "./catalog-segment.ts";
import { RejectedRowSchema } from "./ingest/catalog-files.ts";
import { UploadRequestSchema } from "./upload-request.ts";

/** How long a dry run can be asked for. */
export const DRY_RUN_SECONDS = 24 * 3_600;
/** Product keys kept to find how many are still fresh. */
export const DRY_RUN_SAMPLE_KEYS = 1_000;

/** What judging a file gave. */
export const DryRunResultSchema = z.object({
  rows: CatalogRowSchema.shape.rows,
  segments: z.array(CatalogSegmentSchema.pick({ marketplace: true, products: true })),
  /** The first 100 rejected rows. */
  rejects: z.array(RejectedRowSchema),
  /** What the user should know about how the file was taken; absent when there is nothing. */
  notes: z.array(z.string()).optional(),
  /** Product keys, evenly thinned out. */
  sample_keys: z.array(z.string()),
});
export type DryRunResult = z.infer<typeof DryRunResultSchema>;

/** Row `dry-run#<id>` of `operations`: a large file that is judged and not kept. */
export const DryRunRowSchema = z.object({
  operation_key: z.string(),
  /** Of the form of a catalog's id, because the file is stored where a catalog's would be. */
  dry_run_id: CatalogIdSchema,
  owner_id: z.string(),
  created_at: z.iso.datetime(),
  marketplace: z.string(),
  request: UploadRequestSchema,
  /** Null until the file is judged. */
  result: DryRunResultSchema.nullable(),
  /** Why it could not be judged, in words with the fix; null otherwise. */
  failure: z.string().nullable(),
  /** Epoch seconds. */
  expires_at: z.number().int(),
});
export type DryRunRow = z.infer<typeof DryRunRowSchema>;

/** Key of a dry run's row. */
export const dryRunKey = (id: string): string => `dry-run#${id}`;
