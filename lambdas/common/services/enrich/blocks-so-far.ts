import type { BlockedBy } from "../../core/sources/blocked-by.ts";

/** Sources that hold products up: those known before, with what is known of each source by now. */
export const blocksSoFar = (before: readonly BlockedBy[], now: readonly BlockedBy[]): BlockedBy[] => [
  ...before.filter((old) => !now.some(({ source }) => source === old.source)),
  ...now,
];
