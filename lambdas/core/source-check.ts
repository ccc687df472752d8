import * as z from "zod";
import { SourceIdSchema } from "./source-ids.ts";
import { SourceStateSchema } from "./source-states.ts";

/** The steps of a check, in order. One that fails ends it; one that a source does not have is left out. */
export const CHECK_NAMES = ["credentials shape", "token", "one call"] as const;

/** What `POST /operations/probes` found out about one source. Never carries any part of a secret. */
export const SourceCheckSchema = z.object({
  source: SourceIdSchema,
  /** How the source stands after the check. */
  state: SourceStateSchema,
  /** Whether it answered a call. */
  ok: z.boolean(),
  /** What was found, in plain words. */
  reason: z.string(),
  /** What to do next; empty when all is well. */
  next_step: z.string(),
  /** Shop that was asked, such as www.amazon.de; null when it did not come to that. */
  marketplace: z.string().nullable(),
  checks: z.array(z.object({ name: z.enum(CHECK_NAMES), ok: z.boolean(), detail: z.string() })),
});
export type SourceCheck = z.infer<typeof SourceCheckSchema>;
