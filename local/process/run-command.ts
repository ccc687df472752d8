import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { LocalError } from "../local-error.ts";
import { endProcessGroup, killProcessGroupNow } from "./end-process-group.ts";
import { tailOf } from "./log-tail.ts";

/** A command that is expected to end by itself. */
export interface RunCommandOptions {
  /** What it does, for messages, such as "cdk deploy". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly timeoutMs: number;
  /** Keeps the whole output, when given. */
  readonly logFile?: string;
  /** Gets every line of output as it comes. */
  readonly onLine?: (line: string) => void;
  /** Ends the command, with its children, when aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a command to its end and gives its output, standard output and error together.
 * @throws LocalError with the end of the output when it fails, is aborted or takes too long.
 */
export const runCommand = async (options: RunCommandOptions): Promise<string> => {
  options.signal?.throwIfAborted();
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let reason: string | undefined;
  const end = (why: string): void => {
    reason ??= why;
    if (child.pid !== undefined) void endProcessGroup(child.pid, 2_000);
  };
  const onExit = (): void => {
    if (child.pid !== undefined) killProcessGroupNow(child.pid);
  };
  const onAbort = (): void => end("was interrupted");
  const timer = setTimeout(
    () => end(`took longer than ${options.timeoutMs / 1000} s and was stopped`),
    options.timeoutMs,
  );
  process.once("exit", onExit);
  options.signal?.addEventListener("abort", onAbort, { once: true });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
      for (const line of chunk.split(/\r?\n/)) if (line.trim() !== "") options.onLine?.(line.trim());
    });
  }
  const problem = await new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(`could not be started: ${error.message}`));
    child.once("close", (code, signal) => resolve(code === 0 ? undefined : (signal ?? `failed with code ${code}`)));
  });
  clearTimeout(timer);
  process.removeListener("exit", onExit);
  options.signal?.removeEventListener("abort", onAbort);
  if (options.logFile) {
    mkdirSync(dirname(options.logFile), { recursive: true });
    writeFileSync(options.logFile, output);
  }
  if (problem === undefined && reason === undefined) return output;
  const where = options.logFile ? `\n  whole output: ${options.logFile}` : "";
  throw new LocalError(`${options.name} ${reason ?? problem}.\n${tailOf(output, 20)}${where}`);
};
