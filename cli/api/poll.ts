/** Milliseconds between two reads of a state that is watched. */
export const POLL_MS = 1_000;
