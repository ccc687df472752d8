import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { CliError, EXIT } from "../cli-error.ts";

/**
 * Asks the person at the terminal for one line.
 * @param hidden nothing that is typed shows, as for passwords
 * @throws CliError INTERRUPTED on Ctrl-C or a closed terminal
 */
export const askLine = (question: string, hidden: boolean): Promise<string> => {
  let muted = false;
  const output = new Writable({
    write: (chunk, _encoding, done) => {
      if (!muted) process.stderr.write(chunk);
      done();
    },
  });
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  return new Promise((resolve, reject) => {
    let answered = false;
    lines.on("SIGINT", () => lines.close());
    // Added beside readline's own listener, which must stay: it ends the echo.
    lines.on("close", () => {
      if (answered && !hidden) return;
      process.stderr.write("\n");
      if (!answered) reject(new CliError(EXIT.INTERRUPTED, "Interrupted."));
    });
    lines.question(question, (answer) => {
      answered = true;
      lines.close();
      resolve(answer);
    });
    // From here on the question is on the terminal, and what follows is typing.
    muted = hidden;
  });
};
