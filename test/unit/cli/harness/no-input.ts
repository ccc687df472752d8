import type { Io } from "../../../../cli/output/io.ts";

/** The input of a command that nobody sits at: nothing on stdin, nobody to ask, and no program to run. */
export const NO_INPUT: Pick<Io, "canAsk" | "ask" | "readInput" | "run"> = {
  canAsk: false,
  ask: async (question) => {
    throw new Error(`nobody is there to answer "${question}"`);
  },
  readInput: async () => "",
  run: async (command) => {
    throw new Error(`${command} may not run here`);
  },
};

/** What a command talks to where nobody reads what it says, and nothing is waited for. */
export const SILENT_IO: Io = {
  ...NO_INPUT,
  out: () => {},
  err: () => {},
  live: false,
  env: {},
  fetch,
  webSocket: undefined,
  now: () => 0,
  sleep: async () => {},
  interrupted: new AbortController().signal,
  paint: (_, text) => text,
};
