import { spawn } from "node:child_process";
import { join } from "node:path";
import { REPOSITORY_ROOT } from "../../../local/layout.ts";

/** A command of the local stack as a person starts it, in a process of its own. */
export interface LocalCommand {
  /** What it printed so far, both streams together. */
  output(): string;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
  /** Sends it a signal; to it alone, not to what it started. */
  signal(name: NodeJS.Signals): void;
}

/**
 * Runs `npm run local` (`start`), `npm run local:stop` (`stop`) or `npm run local:clock` (`clock`).
 * @param dir state folder of the stack that it is about
 */
export const localCommand = (
  script: "start" | "stop" | "clock",
  dir: string,
  ...args: readonly string[]
): LocalCommand => {
  const child = spawn(process.execPath, [join(REPOSITORY_ROOT, "local", `${script}.ts`), ...args], {
    env: { ...process.env, ENRICHLINE_LOCAL_DIR: dir },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code));
  });
  return { output: () => output, ended, signal: (name) => void child.kill(name) };
};
