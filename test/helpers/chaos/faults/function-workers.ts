import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import * as z from "zod";
import type { Layout } from "../../../../local/layout.ts";

const run = promisify(execFile);
const RunSchema = z.object({
  children: z.array(z.object({ name: z.string(), identity: z.object({ pid: z.number().int().positive() }) })),
});

type Signal = "SIGKILL" | "SIGSTOP" | "SIGCONT";

/** The real processes in which the emulator of one local stack runs its functions. */
export class FunctionWorkers {
  readonly #emulatorPid: number;

  constructor(layout: Layout) {
    const { children } = RunSchema.parse(JSON.parse(readFileSync(layout.runFile, "utf8")));
    const emulator = children.find(({ name }) => name === "the emulator");
    if (!emulator) throw new Error(`${layout.runFile} names no emulator`);
    this.#emulatorPid = emulator.identity.pid;
  }

  /**
   * Process ids of the workers of functions whose name contains one of `names`; they are in the emulator's own group.
   * Give whole names, or parts that no other function has: all begin with the name of the product.
   */
  async pids(names: string | readonly string[]): Promise<number[]> {
    const wanted = typeof names === "string" ? [names] : names;
    const { stdout } = await run("ps", ["-A", "-o", "pid=,pgid=,args="]);
    return stdout.split("\n").flatMap((line) => {
      const [, pid, group, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      const isOurs = Number(group) === this.#emulatorPid && command.includes("_worker.");
      return isOurs && wanted.some((name) => command.includes(name)) ? [Number(pid)] : [];
    });
  }

  /** Signals every such process. @returns how many were still there */
  async signal(names: string | readonly string[], signal: Signal): Promise<number> {
    return this.signalPids(await this.pids(names), signal);
  }

  /** Signals processes that `pids` gave. @returns how many were still there */
  signalPids(pids: readonly number[], signal: Signal): number {
    let signalled = 0;
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
        signalled += 1;
      } catch (error) {
        // It ended between the listing and the signal.
        if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
      }
    }
    return signalled;
  }
}
