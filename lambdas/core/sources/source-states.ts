import * as z from "zod";

/** The state of a source in one word. `waiting`: for its pace or its day; it goes on by itself. */
export const SourceStateSchema = z.enum(["ok", "waiting", "paused", "circuit_open", "not_configured"]);
export type SourceState = z.infer<typeof SourceStateSchema>;
