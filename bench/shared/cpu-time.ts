import { readFileSync } from "node:fs";
import { layoutOf } from "../../local/layout.ts";
import { readRunFile } from "../../local/stack/run-file.ts";

/** Ticks of the kernel's clock, milliseconds. */
const TICK_MS = 10;

/** Processor time that the emulator of a stack has used, milliseconds; undefined where the system does not say it (no /proc). */
export const emulatorCpuMs = (stateDir: string): number | undefined => {
  const run = readRunFile(layoutOf(stateDir).runFile);
  const pid = run?.children.find(({ name }) => name === "the emulator")?.identity.pid;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program is in brackets, and may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return undefined;
  }
};
