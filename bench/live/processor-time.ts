import { readdirSync, readFileSync } from "node:fs";
import * as z from "zod";
import { layoutOf } from "../../local/layout.ts";

/** Processor time of the parts of a deployed stack, milliseconds since they began. */
export interface ProcessorTime {
  readonly emulator: number;
  /** Processes in which functions run; one that has ended counts no more. */
  readonly functions: number;
  /** This process: the gateway, its WebSockets, and whatever the bench itself does. */
  readonly bench: number;
}

/** Linux counts in hundredths of a second (`getconf CLK_TCK`). */
const TICK_MS = 10;
const RunSchema = z.object({
  children: z.array(z.object({ name: z.string(), identity: z.object({ pid: z.number() }) })),
});

/** Of one process; 0 when it is gone. @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const processMs = (pid: number | string): number => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return 0;
  }
};

const commandOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
};

/** Reads it from `/proc`; where there is none, only that of this process is known. @param dir state folder of the stack */
export const processorTime = (dir: string): ProcessorTime => {
  const { user, system } = process.cpuUsage();
  const bench = (user + system) / 1_000;
  const { children } = RunSchema.parse(JSON.parse(readFileSync(layoutOf(dir).runFile, "utf8")));
  const emulator = children.find(({ name }) => name === "the emulator")?.identity.pid ?? 0;
  let functions = 0;
  try {
    for (const pid of readdirSync("/proc")) {
      if (/^\d+$/.test(pid) && commandOf(pid).includes(`${dir}/tmp/ministack-lambda`)) functions += processMs(pid);
    }
  } catch {
    // No /proc.
  }
  return { emulator: processMs(emulator), functions, bench };
};

/** What was used between two readings. */
export const timeBetween = (from: ProcessorTime, to: ProcessorTime): ProcessorTime => ({
  emulator: to.emulator - from.emulator,
  functions: Math.max(0, to.functions - from.functions),
  bench: to.bench - from.bench,
});
