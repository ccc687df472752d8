import type { Io } from "../output/io.ts";

/** Milliseconds between two reads of a state that is watched. */
export const POLL_MS = 1_000;

/** Waits until the next read of a state that is watched. Ctrl-C ends it early, without an error. */
export const pause = async (io: Pick<Io, "sleep" | "interrupted">, ms: number = POLL_MS): Promise<void> => {
  await io.sleep(ms, io.interrupted).catch((error: unknown) => {
    if (!io.interrupted.aborted) throw error;
  });
};
