/** Most workers on the `enrich-express` queue, and those of every stage that makes 2.5 calls a second or more. */
const MAX_EXPRESS_WORKERS = 10;
/** The least that SQS takes. */
const MIN_EXPRESS_WORKERS = 2;
/**
 * Seconds of slots that waiting workers hold: more than the 2 s that bulk work looks ahead, so that it cannot come between,
 * and less than the 5 s of express work, so that none waits for longer than a slot is granted ahead.
 */
const HELD_SECONDS = 4;

/**
 * Workers on the `enrich-express` queue where a stage does not say: as many as hold the slots of the next four seconds, 2 to
 * 10. What more workers would hold, each by itself, is missing in the calls before theirs.
 * @param callsPerSecond of the first source, the share that this stage may use
 */
export const expressWorkers = (callsPerSecond: number): number =>
  Math.min(MAX_EXPRESS_WORKERS, Math.max(MIN_EXPRESS_WORKERS, Math.ceil(callsPerSecond * HELD_SECONDS)));
