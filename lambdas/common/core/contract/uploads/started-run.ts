import * as z from "zod";
import { UploadReportSchema } from "./upload-report.ts";

/** Answer to an upload or `enrich` that started a run, for clients that ask for nothing else. */
export const StartedRunSchema = UploadReportSchema.extend({ catalog_id: z.string(), tracking_id: z.string() });
export type StartedRun = z.infer<typeof StartedRunSchema>;
