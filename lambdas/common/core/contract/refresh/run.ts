import * as z from "zod";

/** Answer of `POST /refresh/run`. */
export const RefreshRunSchema = z
  .object({
    message: z.string().describe("What happens now, one sentence."),
    requested_at: z.iso.datetime().describe("Jobs that are planned now have this or a later `scheduled_at`."),
  })
  .meta({ id: "RefreshRun" });
export type RefreshRun = z.infer<typeof RefreshRunSchema>;
