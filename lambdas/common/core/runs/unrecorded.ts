import * as z from "zod";
import { SourceIdSchema } from "../source-ids.ts";

/** Why a run stands still although work on it was begun. */
export const UnrecordedSchema = z.object({
  since: z.iso.datetime(),
  /**
   * `not_recorded`: the table did not take the result. `not_finished`: the worker ended before it had one. `no_answer`: a
   * source has not answered a call for seconds.
   */
  reason: z.enum(["not_recorded", "not_finished", "no_answer"]),
  /** The source that does not answer. */
  source: SourceIdSchema.optional(),
  /** When the work is repeated; of a call without an answer, when it ends at the latest. */
  retry_at: z.iso.datetime(),
});
export type Unrecorded = z.infer<typeof UnrecordedSchema>;
