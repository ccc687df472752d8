import { setTimeout as delay } from "node:timers/promises";

const RECHECK_EVERY_MS = 250;
/** A machine that does other things beside may take so many times as long as one that is idle. */
const PATIENCE = 4;

/**
 * Looks again and again until what it sees is what was waited for.
 * @param what the end of the sentence "waited for …"
 * @param seconds how long an idle machine takes at most; the wait is longer, so that a busy one fails nothing
 * @param everyMs pause between two reads
 * @returns what was seen last
 * @throws Error that says what was seen last, when the time is up
 */
export const waitFor = async <Seen>(
  what: string,
  read: () => Promise<Seen>,
  isThere: (seen: Seen) => boolean,
  seconds: number,
  everyMs = RECHECK_EVERY_MS,
): Promise<Seen> => {
  const deadline = Date.now() + PATIENCE * seconds * 1_000;
  for (;;) {
    const seen = await read();
    if (isThere(seen)) return seen;
    if (Date.now() > deadline) {
      throw new Error(`waited ${PATIENCE * seconds} s for ${what}; last seen: ${JSON.stringify(seen)}`);
    }
    await delay(everyMs);
  }
};
