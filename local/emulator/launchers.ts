import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { REPOSITORY_ROOT } from "../layout.ts";
import { messageOf } from "../local-error.ts";
import { installMinistack } from "./install-ministack.ts";
import { MINISTACK_VERSION } from "./versions.ts";

const run = promisify(execFile);

/** One way to run the emulator. */
export interface Launcher {
  /** For messages, such as "Docker". */
  readonly name: string;
  /** Time until it must answer, milliseconds; long where something is downloaded first. */
  readonly timeoutMs: number;
  /** Command and arguments for an emulator with these settings in its environment. */
  readonly command: (settings: Readonly<Record<string, string>>) => { command: string; args: readonly string[] };
}

/** A launcher that can be used on this machine, or why it cannot. */
export type LauncherAnswer = { readonly launcher: Launcher } | { readonly problem: string };

const works = async (command: string, args: readonly string[]): Promise<boolean> => {
  try {
    await run(command, [...args], { timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
};

/** Gives a Python program that has MiniStack. @throws LocalError saying why it cannot be had */
type Install = (say: (line: string) => void, signal?: AbortSignal) => Promise<string>;

const installHere: Install = (say, signal) => installMinistack(join(REPOSITORY_ROOT, ".local"), { say, signal });

/** MiniStack in its own virtual environment, the usual way. @throws what interrupted it when `signal` is aborted */
export const venvLauncher = async (
  say: (line: string) => void,
  signal?: AbortSignal,
  install: Install = installHere,
): Promise<LauncherAnswer> => {
  try {
    const python = await install(say, signal);
    const command = () => ({ command: python, args: ["-m", "ministack"] });
    return { launcher: { name: "its virtual environment", timeoutMs: 60_000, command } };
  } catch (error) {
    if (signal?.aborted) throw error;
    return { problem: messageOf(error) };
  }
};

/** MiniStack in a virtual environment that uv makes. */
const uvLauncher = async (say: (line: string) => void, signal?: AbortSignal): Promise<LauncherAnswer> => {
  if (!(await works("uv", ["--version"]))) return { problem: "uv is not installed" };
  const home = join(REPOSITORY_ROOT, ".local");
  return venvLauncher(say, signal, () => installMinistack(home, { say, signal, withUv: true }));
};

/**
 * MiniStack in Docker, on the host's network so that functions reach the simulators. The image brings its own
 * Node and the cryptography package.
 */
const dockerLauncher = async (): Promise<LauncherAnswer> => {
  if (!(await works("docker", ["info"]))) return { problem: "Docker is not installed or its daemon does not run" };
  const inside = ["PATH", "TMPDIR", "DOCKER_HOST", "S3_DATA_DIR"];
  return {
    launcher: {
      name: "Docker",
      timeoutMs: 300_000,
      command: (settings) => ({
        command: "docker",
        args: [
          ...["run", "--rm", "--network", "host"],
          ...Object.entries(settings).flatMap(([name, value]) =>
            inside.includes(name) ? [] : ["--env", `${name}=${value}`],
          ),
          `ministackorg/ministack:${MINISTACK_VERSION}`,
        ],
      }),
    },
  };
};

/** The ways to run the emulator on this machine. */
export interface Launchers {
  readonly venv: (say: (line: string) => void, signal?: AbortSignal) => Promise<LauncherAnswer>;
  readonly uv: (say: (line: string) => void, signal?: AbortSignal) => Promise<LauncherAnswer>;
  readonly docker: () => Promise<LauncherAnswer>;
}

/** The real ones. */
export const LAUNCHERS: Launchers = { venv: venvLauncher, uv: uvLauncher, docker: dockerLauncher };
