import * as z from "zod";

/** Answer to `POST /catalogs/uploads`. */
export const UploadAddressSchema = z
  .object({
    catalog_id: z.string().nullable().describe("The new catalog; null for a dry run."),
    dry_run_id: z
      .string()
      .nullable()
      .describe("Ask for its report with `GET /catalogs/dry-runs/{id}`; null unless this is a dry run."),
    upload_url: z.url().describe("Put the file here, once, before `expires_at`."),
    upload_headers: z
      .record(z.string(), z.string())
      .describe("Headers by name. The PUT must carry exactly these; they are signed."),
    expires_at: z.iso.datetime().describe("End of `upload_url`."),
  })
  .meta({ id: "UploadAddress" });
