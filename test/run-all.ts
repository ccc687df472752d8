import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Everything that `npm test` proves, summed into one last line `N passed, N failed`. */
interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** Where a command's words go: straight to the screen, to it in one piece at the end, or there only when it fails. */
type Words = "live" | "at the end" | "on failure";

const run = (command: string, args: readonly string[], words: Words): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: words === "live" ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
    });
    const output: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => output.push(chunk));
    child.on("error", (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on("close", (code) => {
      if (words === "at the end" || code !== 0) process.stdout.write(Buffer.concat(output));
      resolve(code ?? 1);
    });
  });

/** A check is one test: it passes or not. */
const check = async (title: string, command: string, args: readonly string[]): Promise<Tally> => {
  const code = await run(command, args, "on failure");
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${title}`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
};

const vitest = async (title: string, own: readonly string[], words: Words = "live"): Promise<Tally> => {
  const folder = mkdtempSync(join(tmpdir(), "enrichline-test-"));
  const report = join(folder, "report.json");
  const args = ["run", ...own, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const code = await run("vitest", args, words);
  const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
  try {
    const counts = JSON.parse(readFileSync(report, "utf8")) as Record<string, number>;
    tally.passed = counts.numPassedTests ?? 0;
    tally.failed = counts.numFailedTests ?? 0;
    tally.skipped = (counts.numPendingTests ?? 0) + (counts.numTodoTests ?? 0);
  } catch (error) {
    console.error(`${title}: no report was written (${String(error)})`);
  }
  rmSync(folder, { recursive: true, force: true });
  // A suite that could not start, or coverage below its threshold, fails though no single test did.
  if (code !== 0 && tally.failed === 0) tally.failed = 1;
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${title}`);
  return tally;
};

const checks = async (): Promise<Tally[]> => [
  await check("types", "tsc", ["--noEmit"]),
  await check("format and lint", "biome", ["check", "--error-on-warnings", "."]),
  await check("import rules", "depcruise", [
    "--config",
    ".dependency-cruiser.cjs",
    "bin",
    "lib",
    "lambdas",
    "cli",
    "local",
    "bench",
    "test",
  ]),
  await check("unused code and dependencies", "knip", []),
];

/** Files whose tests spend their minutes waiting for what really takes that long: they run beside the others. */
const PATIENT = ["sources", "throttled-upstream", "lifecycle", "poison", "duplicate-delivery"].map(
  (name) => `test/e2e/${name}.test.ts`,
);

const endToEnd = (): Promise<Tally[]> =>
  Promise.all([
    vitest("end-to-end tests", ["--project=e2e", ...PATIENT.map((file) => `--exclude=${file}`)]),
    vitest("end-to-end tests that wait, on a stack of their own", ["--project=e2e", ...PATIENT], "at the end"),
  ]);

const started = Date.now();
const tallies = [
  ...(await checks()),
  await vitest("unit, contract and infra tests", [
    "--project=unit",
    "--project=contract",
    "--project=infra",
    "--coverage",
  ]),
  ...(await endToEnd()),
];
const sum = (field: keyof Tally) => tallies.reduce((total, tally) => total + tally[field], 0);
console.log(`finished in ${Math.round((Date.now() - started) / 1000)} s`);
const skipped = sum("skipped");
if (skipped > 0) console.log(`${skipped} skipped: they need what is not here, each says what`);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = sum("failed") === 0 ? 0 : 1;
