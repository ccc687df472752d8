import type { Io } from "../../../cli/output/io.ts";

/** The input of a command that nobody sits at: nothing on stdin, and nobody to ask. */
export const NO_INPUT: Pick<Io, "canAsk" | "ask" | "readInput"> = {
  canAsk: false,
  ask: async (question) => {
    throw new Error(`nobody is there to answer "${question}"`);
  },
  readInput: async () => "",
};
