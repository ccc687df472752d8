import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const startOnLinux = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold spaces; after it, state is field 3 and the start in clock ticks is field 22.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
};

const startByPs = (pid: number): string | undefined => {
  try {
    const text = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return text.trim() || undefined;
  } catch {
    return undefined;
  }
};

/**
 * When the process `pid` was started, as opaque text; undefined when there is no such process.
 * Pid and start together name one process for good: a pid alone may since have gone to a stranger.
 */
export const processStart = (pid: number): string | undefined =>
  process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);

/** A process that this program may end, and only while it is still the same one. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly start: string;
}

/** Identity of the running process `pid`; undefined when it is gone. */
export const identify = (pid: number): ProcessIdentity | undefined => {
  const start = processStart(pid);
  return start === undefined ? undefined : { pid, start };
};

/** Says whether exactly this process still runs. */
export const isAlive = (identity: ProcessIdentity): boolean => processStart(identity.pid) === identity.start;
