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
