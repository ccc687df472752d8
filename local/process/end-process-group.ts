import { setTimeout as delay } from "node:timers/promises";

const signalGroup = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    return false;
  }
};

/**
 * Ends a process that leads its own group, with all its children: asked by SIGTERM, forced after `graceMs`.
 * Does nothing when the group is gone already. Safe to call twice.
 */
export const endProcessGroup = async (pid: number, graceMs = 5_000): Promise<void> => {
  if (!signalGroup(pid, "SIGTERM")) return;
  const deadline = Date.now() + graceMs;
  while (Date.now() < deadline) {
    await delay(50);
    if (!signalGroup(pid, 0)) return;
  }
  signalGroup(pid, "SIGKILL");
};

/** The same at once and without waiting, for the last moment of a process that is being torn down. */
export const killProcessGroupNow = (pid: number): void => {
  signalGroup(pid, "SIGKILL");
};
