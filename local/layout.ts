import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder that holds package.json; ends without a slash. */
export const REPOSITORY_ROOT = resolve(fileURLToPath(new URL("..", import.meta.url)));

/** Folder with the Node 24 that every child process must find first as `node`. */
export const NODE_BIN = join(REPOSITORY_ROOT, "node_modules", ".bin");

/** Where one local stack keeps its files. Two stacks with different folders know nothing of each other. */
export interface Layout {
  readonly dir: string;
  /** Addresses and passwords for people, tests and the command line. */
  readonly outputsFile: string;
  /** Who runs: process ids and ports. Exists exactly as long as the stack. */
  readonly runFile: string;
  readonly logsDir: string;
  /** Temporary files of the emulator and of the functions that it runs; removed at the end. */
  readonly tempDir: string;
  /** The synthesised CDK app. */
  readonly cloudAssemblyDir: string;
  readonly stackOutputsFile: string;
  readonly upstreamPortsFile: string;
  /** Milliseconds by which the clock of functions and simulators runs ahead. */
  readonly clockFile: string;
}

/**
 * Layout of the local stack in `dir`.
 * @param dir absolute, or relative to the current folder; absent: `ENRICHLINE_LOCAL_DIR`, else `.local` in the repository.
 */
export const layoutOf = (dir?: string, env: NodeJS.ProcessEnv = process.env): Layout => {
  const chosen = dir ?? env.ENRICHLINE_LOCAL_DIR ?? join(REPOSITORY_ROOT, ".local");
  const expanded = chosen.startsWith("~/") ? join(homedir(), chosen.slice(2)) : chosen;
  const folder = isAbsolute(expanded) ? expanded : resolve(expanded);
  return {
    dir: folder,
    outputsFile: join(folder, "outputs.json"),
    runFile: join(folder, "run.json"),
    logsDir: join(folder, "logs"),
    tempDir: join(folder, "tmp"),
    cloudAssemblyDir: join(folder, "cdk.out"),
    stackOutputsFile: join(folder, "stack-outputs.json"),
    upstreamPortsFile: join(folder, "upstreams.json"),
    clockFile: join(folder, "clock"),
  };
};
