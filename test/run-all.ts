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

const run = (command: string, args: readonly string[], quiet: boolean): Promise<number> =>
  new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: quiet ? ["ignore", "pipe", "pipe"] : ["ignore", "inherit", "inherit"],
    });
    const output: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => output.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => output.push(chunk));
    child.on("error", (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on("close", (code) => {
      if (quiet && code !== 0) process.stdout.write(Buffer.concat(output));
      resolve(code ?? 1);
    });
  });

/** A check is one test: it passes or not. */
const check = async (title: string, command: string, args: readonly string[]): Promise<Tally> => {
  const code = await run(command, args, true);
  console.log(`${code === 0 ? "ok  " : "FAIL"} ${title}`);
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 };
};

const vitest = async (
  title: string,
  projects: readonly string[],
  coverage: boolean,
  files: readonly string[] = [],
): Promise<Tally> => {
  const folder = mkdtempSync(join(tmpdir(), "enrichline-test-"));
  const report = join(folder, "report.json");
  const args = [
    "run",
    ...files,
    ...projects.flatMap((project) => ["--project", project]),
    "--reporter=dot",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ];
  const code = await run("vitest", coverage ? [...args, "--coverage"] : args, false);
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

/**
 * End-to-end files in groups, each on a stack of its own: what one leaves behind (paused sources, other credentials,
 * hundreds of thousands of rows) is no part of what the next one proves.
 */
const GROUPS: readonly (readonly [title: string, files: readonly string[]])[] = [
  [
    "main line",
    ["good-catalog", "mixed-uploads", "duplicate-delivery", "estimate", "exports", "poison", "local-stack"],
  ],
  ["sources", ["sources", "throttled-upstream", "upstream-faults"]],
  ["operations", ["doctor", "lifecycle", "crash-points", "limiter-store"]],
  ["uploads and chaos", ["uploads", "chaos/storm"]],
];

const endToEnd = async (): Promise<Tally[]> => {
  const tallies: Tally[] = [];
  for (const [title, files] of GROUPS) {
    tallies.push(
      await vitest(
        `end-to-end: ${title}`,
        ["e2e"],
        false,
        files.map((file) => `test/e2e/${file}.test.ts`),
      ),
    );
  }
  return tallies;
};

const started = Date.now();
const tallies = [
  ...(await checks()),
  await vitest("unit, contract and infra tests", ["unit", "contract", "infra"], true),
  ...(await endToEnd()),
];
const sum = (field: keyof Tally) => tallies.reduce((total, tally) => total + tally[field], 0);
console.log(`finished in ${Math.round((Date.now() - started) / 1000)} s`);
const skipped = sum("skipped");
console.log(`${sum("passed")} passed, ${sum("failed")} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = sum("failed") === 0 ? 0 : 1;
