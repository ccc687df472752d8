import { LocalError } from "../local-error.ts";

/** What a command of the local stack gets. */
export interface EntryContext {
  /** Aborted at the first Ctrl-C or SIGTERM; steps under way give up. */
  readonly signal: AbortSignal;
  /** Resolves at the same moment. */
  readonly stopped: Promise<void>;
}

/** Exit code of a program that was interrupted, as shells expect it (128 + SIGINT). */
const INTERRUPTED = 130;

/**
 * Runs a command: passes Ctrl-C and SIGTERM on as an abort, shows errors as sentences, and sets the exit code.
 * @param work gives the exit code
 */
export const runEntry = async (work: (context: EntryContext) => Promise<number>): Promise<void> => {
  const controller = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    controller.signal.addEventListener("abort", () => resolve(), { once: true });
  });
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => controller.abort());
  try {
    process.exitCode = await work({ signal: controller.signal, stopped });
  } catch (error) {
    if (controller.signal.aborted) {
      process.stderr.write("\nStopped.\n");
      process.exitCode = INTERRUPTED;
    } else {
      const text = error instanceof LocalError ? error.message : error instanceof Error ? error.stack : String(error);
      process.stderr.write(`\n${text}\n`);
      process.exitCode = 1;
    }
  }
  // Idle keep-alive connections and signal handlers must not keep the process alive.
  process.exit();
};
