import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { bareEnvironment } from "../aws-environment.ts";
import { LocalError } from "../local-error.ts";
import { runCommand } from "../process/run-command.ts";
import { findPython, type PythonAnswer } from "./find-python.ts";
import { CRYPTOGRAPHY_VERSION, MINISTACK_VERSION } from "./versions.ts";

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 300_000;
const CHECK = `import importlib.metadata as m; import cryptography.hazmat.primitives.asymmetric.rsa; print(m.version('ministack'))`;

const pythonIn = (venv: string): string => join(venv, "bin", "python");

const isUsable = async (venv: string): Promise<boolean> => {
  if (!existsSync(pythonIn(venv))) return false;
  try {
    const { stdout } = await run(pythonIn(venv), ["-c", CHECK], { timeout: 30_000 });
    return stdout.trim() === MINISTACK_VERSION;
  } catch {
    return false; // half an installation, or its Python was removed: made anew
  }
};

/**
 * Gives a Python that has MiniStack, from a virtual environment under `home`, made on first use.
 * Two processes may call it at once: each builds in its own folder and the first to finish wins.
 * @param find finds the Python to make it with; asked only when there is no usable environment yet
 * @returns path of the Python program
 * @throws LocalError when there is no fitting Python or the packages cannot be installed, saying what to do.
 */
export const installMinistack = async (
  home: string,
  say: (line: string) => void = () => {},
  signal?: AbortSignal,
  find: () => Promise<PythonAnswer> = findPython,
): Promise<string> => {
  const venv = join(home, `ministack-${MINISTACK_VERSION}`);
  if (await isUsable(venv)) return pythonIn(venv);
  const python = await find();
  if (!python.found) throw new LocalError(python.problem);
  say(`first use: installing MiniStack ${MINISTACK_VERSION} with Python ${python.version}, about a minute`);
  await mkdir(home, { recursive: true });
  const building = `${venv}.${process.pid}.tmp`;
  const step = (name: string, command: string, args: readonly string[]): Promise<string> =>
    runCommand({
      name,
      command,
      args,
      env: bareEnvironment(),
      cwd: home,
      timeoutMs: INSTALL_TIMEOUT_MS,
      ...(signal ? { signal } : {}),
    });
  try {
    await step("making the virtual environment", python.command, ["-m", "venv", building]);
    await step("pip install", pythonIn(building), [
      "-m",
      "pip",
      "install",
      "--disable-pip-version-check",
      "--no-input",
      `ministack==${MINISTACK_VERSION}`,
      `cryptography==${CRYPTOGRAPHY_VERSION}`,
    ]);
    if (!(await isUsable(venv))) {
      await rm(venv, { recursive: true, force: true });
      await rename(building, venv).catch(async (error: unknown) => {
        if (!(await isUsable(venv))) throw error; // else another start was quicker
      });
    }
  } catch (error) {
    if (signal?.aborted || !(error instanceof LocalError)) throw error;
    throw new LocalError(
      `${error.message}\n  check that pip reaches a package index (network, proxy), then start again`,
      {
        cause: error,
      },
    );
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return pythonIn(venv);
};
