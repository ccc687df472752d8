const SECONDS = [2, 15, 60, 180] as const;
/** From the fifth delivery on. */
const MAX_SECONDS = 600;

/**
 * When a record that failed comes back, seconds: soon at first, then longer each time, so that an outage does not use up its
 * deliveries.
 */
export const backOffSeconds = ({ receiveCount }: { readonly receiveCount: number }): number =>
  SECONDS[receiveCount - 1] ?? MAX_SECONDS;
