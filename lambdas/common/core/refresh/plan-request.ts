import * as z from "zod";

/** What `plan-refresh` is called with: nothing by its schedule, `by: "person"` when an operator asks. */
export const PlanRequestSchema = z.object({ by: z.enum(["schedule", "person"]).default("schedule") });
