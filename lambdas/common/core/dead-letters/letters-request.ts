import * as z from "zod";

/** What `handle-dead-letters` is called with: nothing by its schedule, `by: "person"` when an operator asked for something. */
export const LettersRequestSchema = z.object({ by: z.enum(["schedule", "person"]).default("schedule") });
