import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const NAMES = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python3.14", "python"] as const;
/** Oldest Python that MiniStack runs on, by its package metadata. */
const OLDEST = [3, 10] as const;

/** A Python that can make a virtual environment, or why there is none and what to install. */
export type PythonAnswer =
  | { readonly found: true; readonly command: string; readonly version: string }
  | { readonly found: false; readonly problem: string };

/** Asks one command for its version and whether it can make virtual environments with pip in them. */
export type AskPython = (command: string) => Promise<{ version: string; hasVenv: boolean } | undefined>;

const PROBE =
  "import importlib.util as u, sys; print('%d.%d.%d' % sys.version_info[:3], all(map(u.find_spec, ('venv', 'ensurepip'))))";

const askPython: AskPython = async (command) => {
  try {
    const { stdout } = await run(command, ["-c", PROBE], { timeout: 20_000 });
    const [version, hasVenv] = stdout.trim().split(" ");
    return version ? { version, hasVenv: hasVenv === "True" } : undefined;
  } catch {
    return undefined; // not installed, or a version manager's stub without a version behind it
  }
};

const isNewEnough = (version: string): boolean => {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
};

/** Finds a Python of at least 3.10 that can make virtual environments. */
export const findPython = async (ask: AskPython = askPython): Promise<PythonAnswer> => {
  const tooOld: string[] = [];
  const withoutVenv: string[] = [];
  for (const command of NAMES) {
    const answer = await ask(command);
    if (!answer) continue;
    if (!isNewEnough(answer.version)) tooOld.push(`${command} is ${answer.version}`);
    else if (!answer.hasVenv) withoutVenv.push(`${command} ${answer.version}`);
    else return { found: true, command, version: answer.version };
  }
  if (withoutVenv.length > 0) {
    return {
      found: false,
      problem: `${withoutVenv.join(", ")} cannot make virtual environments: install its venv package (Debian and Ubuntu: apt install python3-venv)`,
    };
  }
  if (tooOld.length > 0) {
    return { found: false, problem: `${tooOld.join(", ")}, but 3.10 or newer is needed: install one from python.org` };
  }
  return { found: false, problem: "there is no Python: install 3.10 or newer from python.org or your package manager" };
};
