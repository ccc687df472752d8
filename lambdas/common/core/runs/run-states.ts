import * as z from "zod";

/** States of a run that is still open: its catalog can start no other. */
export const OPEN_RUN_STATES = ["queued", "running", "waiting_for_source", "paused"] as const;
/** States in which a run rests for good, unless products are reopened. */
export const CLOSED_RUN_STATES = ["completed", "completed_with_failures", "cancelled"] as const;

export const RunStateSchema = z.enum([...OPEN_RUN_STATES, ...CLOSED_RUN_STATES]);
export type RunState = z.infer<typeof RunStateSchema>;

/** Says whether a run in `state` may still change by itself. */
export const isOpen = (state: RunState): boolean => (OPEN_RUN_STATES as readonly string[]).includes(state);
