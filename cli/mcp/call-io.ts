import { CliError, EXIT } from "../cli-error.ts";
import type { Io } from "../output/io.ts";

/** Tells the client how far a call is. @param progress rises with each line */
export type Progress = (progress: number, message: string) => void;

/**
 * The streams of one call. Words for a person go to stderr, and as progress to the client that asked for it; stdout
 * belongs to the protocol. Nobody can be asked here.
 * @param cancelled fires when the client gives the call up
 */
export const callIo = (io: Io, cancelled: AbortSignal, notify: Progress | undefined): Io => {
  let lines = 0;
  const err = (text: string): void => {
    io.err(text);
    const line = text.trim();
    if (line === "" || notify === undefined) return;
    lines += 1;
    notify(lines, line);
  };
  return {
    ...io,
    err,
    out: err,
    live: false,
    canAsk: false,
    ask: async () => {
      throw new CliError(EXIT.USAGE, "Nobody can be asked here.");
    },
    readInput: async () => "",
    interrupted: AbortSignal.any([io.interrupted, cancelled]),
  };
};
