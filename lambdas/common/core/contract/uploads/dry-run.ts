import * as z from "zod";
import { orNull } from "../or-null.ts";
import { UploadReportSchema } from "./upload-report.ts";

/** Answer to `GET /catalogs/dry-runs/{id}`. */
export const DryRunSchema = z
  .object({
    state: z
      .enum(["awaiting_upload", "judged", "failed"])
      .describe("Whether the file is there and was read; `awaiting_upload` until it was."),
    report: orNull(UploadReportSchema, "What an upload would have answered; null unless judged."),
    failure: z.string().nullable().describe("Why the file could not be judged; null otherwise."),
  })
  .meta({ id: "DryRun" });
