import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { LocalError } from "../local-error.ts";
import { endProcessGroup, killProcessGroupNow } from "./end-process-group.ts";
import { logTail } from "./log-tail.ts";

/** A long-running child in its own process group, so that Ctrl-C reaches it only through us, in order. */
export interface ManagedProcess {
  readonly pid: number;
  /** Resolves with words on how it ended. */
  readonly ended: Promise<string>;
  /** How it ended, or undefined while it runs. */
  ending(): string | undefined;
  /** Ends it and all its children. Safe to call twice. */
  stop(): Promise<void>;
}

/** What to start and where its output goes. */
export interface StartProcessOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Gets standard output and error; begun anew. */
  readonly logFile: string;
}

const groups = new Set<number>();
process.once("exit", () => {
  for (const pid of groups) killProcessGroupNow(pid);
});

/**
 * Starts a long-running child. It ends with this process at the latest, however that one ends, SIGKILL excepted.
 * @throws LocalError when the program cannot be started at all.
 */
export const startProcess = async (options: StartProcessOptions): Promise<ManagedProcess> => {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, "w");
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  let ending: string | undefined;
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`could not be started: ${error.message}`));
    child.once("exit", (code, signal) => resolve(signal ? `was ended by ${signal}` : `ended with code ${code}`));
  }).then((words) => {
    ending = words;
    return words;
  });
  const pid = child.pid;
  if (pid === undefined) throw new LocalError(`${options.command} ${await ended}`);
  groups.add(pid);
  return {
    pid,
    ended,
    ending: () => ending,
    stop: async () => {
      await endProcessGroup(pid);
      await ended;
      groups.delete(pid);
    },
  };
};

/** What to wait for and how long. */
export interface WaitOptions {
  /** Name for messages, such as "the emulator". */
  readonly name: string;
  readonly logFile: string;
  readonly timeoutMs: number;
  readonly isReady: () => Promise<boolean>;
}

/**
 * Waits until a child is ready.
 * @throws LocalError with the end of its log when it dies first or is not ready in time; the child is then stopped.
 */
export const waitUntilReady = async (child: ManagedProcess, options: WaitOptions): Promise<void> => {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const ending = child.ending();
    const late = Date.now() > deadline;
    if (ending !== undefined || late) {
      await child.stop();
      const what = ending ?? `was not ready after ${options.timeoutMs / 1000} s`;
      const tail = logTail(options.logFile);
      throw new LocalError(
        `${options.name} ${what}.\n${tail || "  (its log is empty)"}\n  whole log: ${options.logFile}`,
      );
    }
    if (await options.isReady()) return;
    await Promise.race([child.ended, new Promise((resolve) => setTimeout(resolve, 100))]);
  }
};
