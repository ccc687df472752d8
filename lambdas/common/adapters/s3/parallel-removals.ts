/** Objects that are removed at once. */
export const PARALLEL_REMOVALS = 20;
