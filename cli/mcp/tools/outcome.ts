import * as z from "zod";
import type { Answered } from "../ask-first.ts";

/** The token of a preview, as input. */
export const Confirm = z
  .string()
  .min(1)
  .max(100)
  .optional()
  .describe(
    "The token that the preview of exactly this gave, once the person agreed. Good once and for 15 minutes. Not needed where the person is asked directly.",
  );

/** What became of a call that asks first. */
export const OutcomeSchema = z.object({
  outcome: z
    .enum(["done", "declined", "needs_confirmation"])
    .describe(
      "done: it is under way. declined: the person said no, nothing was changed. needs_confirmation: nothing was changed; show the preview to the person, then call again with confirm.",
    ),
  confirm: z.string().nullable().describe("The token for the second call; null unless outcome is needs_confirmation."),
});

/** The outcome as an answer says it. */
export const confirmation = (answered: Answered): z.output<typeof OutcomeSchema> => ({
  outcome: answered.outcome === "confirmed" ? "done" : answered.outcome,
  confirm: answered.outcome === "needs_confirmation" ? answered.confirm : null,
});
