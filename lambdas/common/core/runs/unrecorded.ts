import * as z from "zod";

/** Why a run stands still although work on it was begun. */
export const UnrecordedSchema = z.object({
  since: z.iso.datetime(),
  /** `not_recorded`: the table did not take the result. `not_finished`: the worker ended before it had one. */
  reason: z.enum(["not_recorded", "not_finished"]),
  /** When the work is repeated. */
  retry_at: z.iso.datetime(),
});
export type Unrecorded = z.infer<typeof UnrecordedSchema>;
