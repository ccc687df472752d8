import { INGEST_LEASE_MS } from "../common/core/catalogs/ingest-attempts.ts";
import { errorWords } from "../common/core/error-words.ts";
import type { Deps } from "./deps.ts";

/** Makes the slot last for another lease, and hides the message as long; to be called while the file flows. */
export type KeepSlot = () => Promise<void>;

/** Has the message of a file delivered again after so many seconds, unless it is done before. */
export type HideMessage = (seconds: number) => Promise<void>;

/** The message comes back when the lease is over: a moment after its end, since each takes a moment to be set. */
const HIDDEN_SECONDS = INGEST_LEASE_MS / 1_000 + 5;

/**
 * Does the work of reading a file when its user has a reading slot: users share the reader by round-robin. A slot is
 * for fairness only, so that a fault in keeping or ending it never stops a reading: it ends by itself soon. The message is hidden
 * as long as the slot is kept, and no longer: the queue would hide it for six time limits of the function, and where its worker
 * dies it may be the only one that knows of the file.
 * @returns false when the user has as many slots as there may be: nothing was done
 * @throws what `work` throws, and TransientError when slots cannot be read
 */
export const inReadingSlot = async (
  deps: Deps,
  { userId, hide }: { readonly userId: string; readonly hide: HideMessage },
  work: (keep: KeepSlot) => Promise<void>,
): Promise<boolean> => {
  const slot = { user_id: userId, reader: deps.newId() };
  const nowMs = deps.clock.now();
  if (!(await deps.readingSlots.begin(slot, nowMs, nowMs + INGEST_LEASE_MS))) return false;
  const hideCarefully = async (): Promise<void> => {
    try {
      await hide(HIDDEN_SECONDS);
    } catch (error) {
      deps.log.warn("the message of a file would come back late if this worker died", {
        ...slot,
        error: errorWords(error),
      });
    }
  };
  const carefully = async (change: Promise<void>): Promise<void> => {
    try {
      await change;
    } catch (error) {
      deps.log.warn("a reading slot was not kept or ended, it ends by itself", { ...slot, error: errorWords(error) });
    }
  };
  await hideCarefully();
  try {
    await work(async () => {
      await Promise.all([
        carefully(deps.readingSlots.renew(slot, deps.clock.now() + INGEST_LEASE_MS)),
        hideCarefully(),
      ]);
    });
  } finally {
    await carefully(deps.readingSlots.end(slot));
  }
  return true;
};
