/** Writes of one call to a store that are under way at once. */
export const PARALLEL_WRITES = 20;
