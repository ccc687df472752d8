import { INGEST_LEASE_MS } from "../common/core/catalogs/ingest-attempts.ts";
import { errorWords } from "../common/core/error-words.ts";
import type { Deps } from "./deps.ts";

/** Makes the slot last for another lease; to be called while the file flows. */
export type KeepSlot = () => Promise<void>;

/**
 * Does the work of reading a file when its user has a reading slot: users share the reader by round-robin. A slot is
 * for fairness only, so that a fault in keeping or ending it never stops a reading: it ends by itself soon.
 * @returns false when the user has as many slots as there may be: nothing was done
 * @throws what `work` throws, and TransientError when slots cannot be read
 */
export const inReadingSlot = async (
  deps: Deps,
  userId: string,
  work: (keep: KeepSlot) => Promise<void>,
): Promise<boolean> => {
  const slot = { user_id: userId, reader: deps.newId() };
  const nowMs = deps.clock.now();
  if (!(await deps.readingSlots.begin(slot, nowMs, nowMs + INGEST_LEASE_MS))) return false;
  const carefully = async (change: Promise<void>): Promise<void> => {
    try {
      await change;
    } catch (error) {
      deps.log.warn("a reading slot was not kept or ended, it ends by itself", { ...slot, error: errorWords(error) });
    }
  };
  try {
    await work(() => carefully(deps.readingSlots.renew(slot, deps.clock.now() + INGEST_LEASE_MS)));
  } finally {
    await carefully(deps.readingSlots.end(slot));
  }
  return true;
};
