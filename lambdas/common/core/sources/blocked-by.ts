import * as z from "zod";
import { SourceIdSchema } from "../source-ids.ts";

/** A source that a run waits for. */
export const BlockedBySchema = z.object({
  source: SourceIdSchema.describe("The source that is waited for."),
  code: z
    .string()
    .describe("`rate`, `daily-quota`, `circuit-open`, `paused`, `not_configured` or the source's own code."),
  action: z.string().describe("What a person can do, one sentence."),
  retry_at: z.iso.datetime().nullable().describe("When the source is asked again; null when only a person can help."),
});
export type BlockedBy = z.infer<typeof BlockedBySchema>;
