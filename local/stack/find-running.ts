import { existsSync, rmSync } from "node:fs";
import { isEmulatorHealthy } from "../emulator/is-emulator-healthy.ts";
import type { Layout } from "../layout.ts";
import { type Outputs, readOutputs } from "../outputs.ts";
import { endProcessGroup } from "../process/end-process-group.ts";
import { isAlive } from "../process/process-identity.ts";
import { type RunFile, readRunFile, removeRunFile } from "./run-file.ts";

/** What a state folder says of its stack. */
export type Found =
  | { readonly state: "none" }
  | { readonly state: "running"; readonly run: RunFile; readonly outputs: Outputs }
  /** Somebody is starting it at this moment. */
  | { readonly state: "starting"; readonly run: RunFile }
  /** Its main process lives, but a part of it does not answer. */
  | { readonly state: "broken"; readonly run: RunFile; readonly problem: string }
  /** Its main process is gone; children may be left. */
  | { readonly state: "dead"; readonly run: RunFile | undefined };

const answersAs = async (url: string, instanceId: string): Promise<boolean> => {
  try {
    const response = await fetch(new URL("/_local/instance", url), { signal: AbortSignal.timeout(5_000) });
    return response.ok && (await response.text()).trim() === instanceId;
  } catch {
    return false;
  }
};

/** Checks what runs in a state folder, by its run file, its processes and its answers. Changes nothing. */
export const findRunning = async (layout: Layout): Promise<Found> => {
  const run = readRunFile(layout.runFile);
  if (!run) return existsSync(layout.runFile) ? { state: "dead", run: undefined } : { state: "none" };
  if (!isAlive(run.main)) return { state: "dead", run };
  if (run.state === "starting") return { state: "starting", run };
  if (!run.gateway_url || !(await answersAs(run.gateway_url, run.instance_id))) {
    return { state: "broken", run, problem: "its gateway does not answer" };
  }
  if (!run.emulator_url || !(await isEmulatorHealthy(run.emulator_url))) {
    return { state: "broken", run, problem: "its emulator does not answer" };
  }
  return { state: "running", run, outputs: readOutputs(layout.outputsFile) };
};

/**
 * Ends the children that a dead main process left behind, and only those: each is known by pid and start time.
 * @returns names of what was ended
 */
export const clearDead = async (layout: Layout, run: RunFile | undefined): Promise<string[]> => {
  const left = (run?.children ?? []).filter(({ identity }) => isAlive(identity));
  await Promise.all(left.map(({ identity }) => endProcessGroup(identity.pid)));
  rmSync(layout.outputsFile, { force: true });
  rmSync(layout.tempDir, { recursive: true, force: true });
  removeRunFile(layout.runFile);
  return left.map(({ name }) => name);
};
