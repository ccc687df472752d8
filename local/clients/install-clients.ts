import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";
import { findPython, type PythonAnswer } from "../python/find-python.ts";
import { PROOFS, type Registry } from "./proofs.ts";

/** Runs a command to its end; rejects, with what it wrote to `stdout` and `stderr`, when it fails. */
export type RunCommand = (
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly timeout: number },
) => Promise<unknown>;

/** A registry's clients are ready under the folder; or why they cannot be installed here, and what would help. */
export type Installed = { readonly ready: true } | { readonly ready: false; readonly why: string };

const runCommand: RunCommand = promisify(execFile);

const OutputSchema = z.object({ stdout: z.string().catch(""), stderr: z.string().catch("") });
/** How npm, pip and the libraries below them say that nobody answers. */
const UNREACHABLE =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|ConnectionError|ConnectTimeout|ReadTimeout|Name or service not known|name resolution|Connection refused|timed out|unreachable/i;

/** The words of a failed installation that say that the registry was not reached, or undefined when that is not why. */
const unreachableWords = (error: unknown): string | undefined => {
  const output = OutputSchema.safeParse(error);
  return output.success ? UNREACHABLE.exec(`${output.data.stderr}\n${output.data.stdout}`)?.[0] : undefined;
};

/** Installs; a registry that does not answer is an answer, all else that goes wrong is an error. */
const orUnreachable = async (registry: Registry, install: () => Promise<void>): Promise<Installed> => {
  try {
    await install();
    return { ready: true };
  } catch (error) {
    const words = unreachableWords(error);
    if (words === undefined) throw error;
    return { ready: false, why: `the ${registry} registry is not reachable from here (${words})` };
  }
};

const packagesOf = (registry: Registry, sign: string): string[] =>
  PROOFS.filter((proof) => proof.registry === registry).map(({ client, version }) => `${client}${sign}${version}`);

/** Command of the Python that has the PyPI clients, once these are installed below `folder`. */
export const pythonOf = (folder: string): string => join(folder, "venv", "bin", "python");

/**
 * Installs one registry's pinned clients below `folder`, outside the project.
 * @throws when the registry answers and the installation still fails
 */
export const installClients = (
  registry: Registry,
  folder: string,
  run: RunCommand = runCommand,
  python: () => Promise<PythonAnswer> = findPython,
): Promise<Installed> => {
  if (registry === "npm") {
    return orUnreachable(registry, async () => {
      writeFileSync(join(folder, "package.json"), '{"private": true}\n');
      // Below `npm run` the project's folder is in the environment: the prefix keeps the clients out of it.
      const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1", "--prefix", folder];
      await run("npm", ["install", ...quiet, ...packagesOf(registry, "@")], { cwd: folder, timeout: 300_000 });
    });
  }
  return python().then((found) =>
    found.found
      ? orUnreachable(registry, async () => {
          await run(found.command, ["-m", "venv", join(folder, "venv")], { cwd: folder, timeout: 120_000 });
          const quiet = ["--quiet", "--disable-pip-version-check", "--retries=1", "--timeout=20"];
          const args = ["-m", "pip", "install", ...quiet, ...packagesOf(registry, "==")];
          await run(pythonOf(folder), args, { cwd: folder, timeout: 600_000 });
        })
      : { ready: false, why: found.problem },
  );
};
