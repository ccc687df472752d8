import * as z from "zod";

/** How a source stands, in one word. `waiting`: its pace or its day; it goes on by itself. */
export const SourceStateSchema = z.enum(["ok", "waiting", "paused", "circuit_open", "not_configured"]);
export type SourceState = z.infer<typeof SourceStateSchema>;
