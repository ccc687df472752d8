/** Wait after the first delivery that failed for now; twice as long after each further one. */
const FIRST_BACK_OFF_SECONDS = 10;
/** Longest that a record which failed for now stays away. */
const MAX_BACK_OFF_SECONDS = 300;

/** Seconds after which a record comes back that failed for now. @param receiveCount deliveries so far, from 1 */
export const backOffSeconds = ({ receiveCount }: { readonly receiveCount: number }): number =>
  Math.min(MAX_BACK_OFF_SECONDS, FIRST_BACK_OFF_SECONDS * 2 ** (receiveCount - 1));
