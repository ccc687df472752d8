import { INGEST_LEASE_MS } from "../core/catalogs/ingest-attempts.ts";
import type { Deps } from "./deps.ts";

/** Makes the turn last for another lease; to be called while the file flows. */
export type KeepSlot = () => Promise<void>;

/**
 * Does the work of reading a file when its user has a turn: users with many files take turns with all others. A turn is
 * for fairness only, so that a fault in keeping or ending it never stops a reading: it ends by itself soon.
 * @returns false when the user has as many turns as there may be: nothing was done
 * @throws what `work` throws, and TransientError when turns cannot be told
 */
export const inReadingSlot = async (
  deps: Deps,
  userId: string,
  work: (keep: KeepSlot) => Promise<void>,
): Promise<boolean> => {
  const turn = { user_id: userId, reader: deps.newId() };
  const nowMs = deps.clock.now();
  if (!(await deps.turns.begin(turn, nowMs, nowMs + INGEST_LEASE_MS))) return false;
  const carefully = async (change: Promise<void>): Promise<void> => {
    try {
      await change;
    } catch (error) {
      deps.log.warn("a reader's turn was not kept or ended, it ends by itself", { ...turn, error: String(error) });
    }
  };
  try {
    await work(() => carefully(deps.turns.renew(turn, deps.clock.now() + INGEST_LEASE_MS)));
  } finally {
    await carefully(deps.turns.end(turn));
  }
  return true;
};
