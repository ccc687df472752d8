import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import * as z from "zod";
import type { Layout } from "../../../local/layout.ts";

const run = promisify(execFile);
const RunSchema = z.object({
  children: z.array(z.object({ name: z.string(), identity: z.object({ pid: z.number().int().positive() }) })),
});

/** The real processes in which the emulator of one local stack runs its functions. */
export class FunctionWorkers {
  readonly #emulatorPid: number;

  constructor(layout: Layout) {
    const { children } = RunSchema.parse(JSON.parse(readFileSync(layout.runFile, "utf8")));
    const emulator = children.find(({ name }) => name === "the emulator");
    if (!emulator) throw new Error(`${layout.runFile} names no emulator`);
    this.#emulatorPid = emulator.identity.pid;
  }

  /** Process ids of the workers of functions whose name contains `name`; they are in the emulator's own group. */
  async pids(name: string): Promise<number[]> {
    const { stdout } = await run("ps", ["-A", "-o", "pid=,pgid=,args="]);
    return stdout.split("\n").flatMap((line) => {
      const [, pid, group, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      const isOurs = Number(group) === this.#emulatorPid && command.includes("_worker.") && command.includes(name);
      return isOurs ? [Number(pid)] : [];
    });
  }

  /** Signals every such process. @returns how many were still there */
  async signal(name: string, signal: "SIGKILL" | "SIGSTOP" | "SIGCONT"): Promise<number> {
    let signalled = 0;
    for (const pid of await this.pids(name)) {
      try {
        process.kill(pid, signal);
        signalled += 1;
      } catch (error) {
        // It ended between the look and the signal.
        if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
      }
    }
    return signalled;
  }
}
