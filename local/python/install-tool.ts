import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { bareEnvironment } from "../aws-environment.ts";
import { LocalError } from "../local-error.ts";
import { runCommand } from "../process/run-command.ts";
import { findPython, type PythonAnswer } from "./find-python.ts";

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 300_000;

/** A program from PyPI. */
export interface PythonTool {
  /** Name of its distribution. */
  readonly name: string;
  /** As people write it. @default the name of its distribution */
  readonly label?: string;
  readonly version: string;
  /** File that names it and all that it needs, each with a hash of every file, as `uv pip compile` makes it. */
  readonly requirements: string;
  /** A module that must load besides, because the program works without it, but worse. */
  readonly needs?: string;
}

/** How a tool is installed. */
export interface InstallOptions {
  /** Gets a sentence when something takes long. */
  readonly say?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Finds the Python to make the environment with; asked only when there is no usable one yet. */
  readonly find?: () => Promise<PythonAnswer>;
  /** Lets uv make it, which brings a Python of its own. @default a Python of this machine with its pip */
  readonly withUv?: boolean;
}

const pythonIn = (venv: string): string => join(venv, "bin", "python");

const isUsable = async (venv: string, { name, version, needs }: PythonTool): Promise<boolean> => {
  if (!existsSync(pythonIn(venv))) return false;
  const check = `import importlib.metadata as m${needs === undefined ? "" : `, ${needs}`}; print(m.version('${name}'))`;
  try {
    const { stdout } = await run(pythonIn(venv), ["-c", check], { timeout: 30_000 });
    return stdout.trim() === version;
  } catch {
    return false; // half an installation, or its Python was removed: made anew
  }
};

type Command = readonly [command: string, ...args: string[]];

/** What makes a virtual environment in a folder and installs into it. */
interface Installer {
  /** For messages, such as "Python 3.12.3". */
  readonly name: string;
  readonly makeVenv: (venv: string) => Command;
  /** The command up to what it installs. */
  readonly install: (venv: string) => Command;
}

const UV: Installer = {
  name: "uv",
  makeVenv: (venv) => ["uv", "venv", "--quiet", "--python", ">=3.10", venv],
  install: (venv) => ["uv", "pip", "install", "--quiet", "--python", pythonIn(venv)],
};

/** @throws LocalError when there is no fitting Python */
const pythonInstaller = async (find: () => Promise<PythonAnswer>): Promise<Installer> => {
  const python = await find();
  if (!python.found) throw new LocalError(python.problem);
  return {
    name: `Python ${python.version}`,
    makeVenv: (venv) => [python.command, "-m", "venv", venv],
    install: (venv) => [pythonIn(venv), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"],
  };
};

/** Nothing without its hash is installed, and nothing is built: a build would fetch tools that no hash covers. */
const BY_HASH = ["--require-hashes", "--only-binary", ":all:", "--requirement"];

/**
 * Gives a Python that has the tool, from a virtual environment under `home`, made on first use.
 * Every file is checked against its hash. Two processes may call it at once: each builds in its own folder and the first to finish wins.
 * @returns path of the Python program
 * @throws LocalError when there is no fitting Python or the packages cannot be installed, saying what to do.
 */
export const installTool = async (
  home: string,
  tool: PythonTool,
  { say = () => {}, signal, find = findPython, withUv = false }: InstallOptions = {},
): Promise<string> => {
  const venv = join(home, `${tool.name}-${tool.version}`);
  if (await isUsable(venv, tool)) return pythonIn(venv);
  const installer = withUv ? UV : await pythonInstaller(find);
  say(`first use: installing ${tool.label ?? tool.name} ${tool.version} with ${installer.name}, about a minute`);
  await mkdir(home, { recursive: true });
  const building = `${venv}.${process.pid}.tmp`;
  const step = (name: string, [command, ...args]: Command): Promise<string> =>
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
    await step("making the virtual environment", installer.makeVenv(building));
    await step("installing the packages", [...installer.install(building), ...BY_HASH, tool.requirements]);
    if (!(await isUsable(venv, tool))) {
      await rm(venv, { recursive: true, force: true });
      await rename(building, venv).catch(async (error: unknown) => {
        if (!(await isUsable(venv, tool))) throw error; // else another start was quicker
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
