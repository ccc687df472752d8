import * as z from "zod";
import { ReadingChoicesSchema } from "./ingest/reading-choices.ts";
import { RunOptionsSchema } from "./run-options.ts";

/** What was asked for with a file that comes by its presigned address. */
export const UploadRequestSchema = z.object({
  file_name: z.string(),
  /** Both are signed: the file comes with exactly these. */
  content_type: z.string(),
  content_length: z.number().int().min(0),
  /** Whether the products are enriched as soon as they are known. */
  enrich: z.boolean(),
  /** `auto` is resolved when the products are counted. */
  run: RunOptionsSchema.extend({ batch_size: z.union([z.literal("auto"), RunOptionsSchema.shape.batch_size]) }),
  /** How the file is to be read, where the user has said so. */
  reading: ReadingChoicesSchema.optional(),
  correlation_id: z.string(),
});
export type UploadRequest = z.infer<typeof UploadRequestSchema>;
