import type { CatalogState } from "./catalog-states.ts";

/**
 * States of a catalog that has no run yet, by the step at which it has them. It never goes back, and it stays at a step in one state: its
 * file was either read or refused.
 */
export const STEPS_BEFORE_RUN: readonly (readonly CatalogState[])[] = [
  ["awaiting_upload"],
  ["ingesting"],
  ["ingest_failed", "ready"],
];

/** The sequence of a catalog before its first run: it rises with its state, as a run's does. */
export const sequenceBeforeRun = (state: CatalogState): number =>
  Math.max(
    0,
    STEPS_BEFORE_RUN.findIndex((states) => states.includes(state)),
  );
