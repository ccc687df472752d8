import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { bareEnvironment } from "../aws-environment.ts";
import { LocalError } from "../local-error.ts";
import { runCommand } from "../process/run-command.ts";
import { findPython, type PythonAnswer } from "./find-python.ts";
import { MINISTACK_VERSION } from "./versions.ts";

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

/** MiniStack and all that it needs, each file by its hash. */
const REQUIREMENTS = join(import.meta.dirname, "requirements.txt");
/** Nothing without a hash is installed, and nothing is built: a build would fetch tools that no hash covers. */
const BY_HASH = ["--require-hashes", "--only-binary", ":all:", "--requirement", REQUIREMENTS];

/** Commands that make a virtual environment in a folder and install into it. */
interface Installer {
  /** For messages, such as "Python 3.12.3". */
  readonly name: string;
  readonly makeVenv: (venv: string) => readonly [command: string, ...args: string[]];
  readonly install: (venv: string) => readonly [command: string, ...args: string[]];
}

/** A Python of this machine with its own pip. @throws LocalError when there is no fitting one */
const pythonInstaller = async (find: () => Promise<PythonAnswer>): Promise<Installer> => {
  const python = await find();
  if (!python.found) throw new LocalError(python.problem);
  return {
    name: `Python ${python.version}`,
    makeVenv: (venv) => [python.command, "-m", "venv", venv],
    install: (venv) => [
      ...([pythonIn(venv), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"] as const),
      ...BY_HASH,
    ],
  };
};

/** uv, which brings a Python of its own. */
const UV: Installer = {
  name: "uv",
  makeVenv: (venv) => ["uv", "venv", "--quiet", "--python", ">=3.10", venv],
  install: (venv) => ["uv", "pip", "install", "--quiet", "--python", pythonIn(venv), ...BY_HASH],
};

/** Who installs, in which folder, and who is notified. */
interface Installation {
  readonly home: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal | undefined;
}

const installBy = async ({ home, say, signal }: Installation, installer: () => Promise<Installer>): Promise<string> => {
  const venv = join(home, `ministack-${MINISTACK_VERSION}`);
  if (await isUsable(venv)) return pythonIn(venv);
  const { name, makeVenv, install } = await installer();
  say(`first use: installing MiniStack ${MINISTACK_VERSION} with ${name}, about a minute`);
  await mkdir(home, { recursive: true });
  const building = `${venv}.${process.pid}.tmp`;
  const step = (what: string, [command, ...args]: readonly [string, ...string[]]): Promise<string> =>
    runCommand({
      name: what,
      command,
      args,
      env: bareEnvironment(),
      cwd: home,
      timeoutMs: INSTALL_TIMEOUT_MS,
      ...(signal ? { signal } : {}),
    });
  try {
    await step("making the virtual environment", makeVenv(building));
    await step("installing the packages", install(building));
    if (!(await isUsable(venv))) {
      await rm(venv, { recursive: true, force: true });
      await rename(building, venv).catch(async (error: unknown) => {
        if (!(await isUsable(venv))) throw error; // else another start was quicker
      });
    }
  } catch (error) {
    if (signal?.aborted || !(error instanceof LocalError)) throw error;
    throw new LocalError(
      `${error.message}\n  check that a package index can be reached (network, proxy), then start again`,
      {
        cause: error,
      },
    );
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return pythonIn(venv);
};

/**
 * Gives a Python that has MiniStack, from a virtual environment under `home`, made on first use. Every package is checked
 * against its hash. Two processes may call it at once: each builds in its own folder and the first to finish wins.
 * @param find finds the Python to make it with; asked only when there is no usable environment yet
 * @returns path of the Python program
 * @throws LocalError when there is no fitting Python or the packages cannot be installed, saying what to do.
 */
export const installMinistack = (
  home: string,
  say: (line: string) => void = () => {},
  signal?: AbortSignal,
  find: () => Promise<PythonAnswer> = findPython,
): Promise<string> => installBy({ home, say, signal }, () => pythonInstaller(find));

/** The same with uv, for a machine without a fitting Python. @throws LocalError when it cannot install */
export const installMinistackWithUv = (
  home: string,
  say: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> => installBy({ home, say, signal }, async () => UV);
