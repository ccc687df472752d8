import type { Io } from "./io.ts";
import { REDRAW } from "./progress-line.ts";

/** Shows a line that changes on stderr: on a terminal it is redrawn; piped, it is written when there is news. */
export const lineShower = (io: Pick<Io, "live" | "err">): ((line: string) => void) => {
  let shown = "";
  return (line) => {
    if (io.live) io.err(`${REDRAW}${line}`);
    else if (line !== shown) io.err(`${line}\n`);
    shown = line;
  };
};
