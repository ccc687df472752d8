import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Output, runChild } from "./run-child.ts";
import type { Tally } from "./tally.ts";

const say = (title: string, code: number, startedMs: number): void =>
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${title} (${Math.round((Date.now() - startedMs) / 1_000)} s)`);

/** Runs a command that counts as one test: it passes or not. */
export const runCheck = async (title: string, command: string, args: readonly string[]): Promise<Tally> => {
  const startedMs = Date.now();
  const code = await runChild(command, args, "on failure");
  say(title, code, startedMs);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
};

/** The counts of a report of Vitest. A part that could not start writes none. */
const read = (title: string, report: string): Tally => {
  try {
    const counts = JSON.parse(readFileSync(report, "utf8")) as Record<string, number>;
    return {
      passed: counts.numPassedTests ?? 0,
      failed: counts.numFailedTests ?? 0,
      skipped: (counts.numPendingTests ?? 0) + (counts.numTodoTests ?? 0),
    };
  } catch (error) {
    console.error(`${title}: no report was written (${String(error)})`);
    return { passed: 0, failed: 0, skipped: 0 };
  }
};

/** Runs Vitest and counts its tests. A part that fails though no single test did counts as one failed test. */
export const runVitest = async (title: string, args: readonly string[], output: Output): Promise<Tally> => {
  const startedMs = Date.now();
  const folder = mkdtempSync(join(tmpdir(), "enrichline-test-"));
  const report = join(folder, "report.json");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await runChild("vitest", ["run", ...args, ...reporters], output);
  const tally = read(title, report);
  rmSync(folder, { recursive: true, force: true });
  say(title, code, startedMs);
  // Such as coverage below its threshold, or a suite that could not start.
  return code !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
};
