import type { Deps } from "./deps.ts";

/**
 * Runs every minute: fills the dispatch window of all open runs and redoes claims whose holder died. Consumers top
 * up the window themselves, so that this finds work only after a crash or a pause.
 */
export const createHandler = (deps: Deps) => async (): Promise<{ sent: number }> => {
  const sent = await deps.dispatcher.topUp();
  if (sent > 0) deps.log.info("batches sent", { batches: sent });
  return { sent };
};
