import type { WriteStream } from "node:tty";

/** How often a line is written where there is no terminal to redraw on. */
const PLAIN_EVERY_MS = 5_000;

/** One line that changes in place. */
export interface LiveLine {
  /** Shows `text` instead of what the line showed before. */
  show(text: string): void;
  /** Leaves the last text standing and goes to the next line. */
  end(): void;
}

/**
 * A line that is redrawn on a terminal; elsewhere a plain line every 5 s and at the end, so that logs stay short.
 * @param now clock, milliseconds
 */
export const createLiveLine = (
  out: Pick<WriteStream, "write"> & { isTTY?: boolean; columns?: number },
  now: () => number,
): LiveLine => {
  let last = "";
  let writtenAt = Number.NEGATIVE_INFINITY;
  let isWritten = true;
  return {
    show: (text) => {
      last = text;
      if (out.isTTY) {
        // Cut to the terminal: a wrapped line could not be redrawn.
        out.write(`\r\u001b[2K${text.slice(0, (out.columns ?? 80) - 1)}`);
        return;
      }
      isWritten = now() - writtenAt >= PLAIN_EVERY_MS;
      if (!isWritten) return;
      writtenAt = now();
      out.write(`${text}\n`);
    },
    end: () => {
      if (out.isTTY) out.write("\n");
      else if (!isWritten) out.write(`${last}\n`);
      isWritten = true;
    },
  };
};
