import { join } from "node:path";
import { installMinistack } from "../local/emulator/install-ministack.ts";
import { REPOSITORY_ROOT } from "../local/layout.ts";
import { prepareBundles } from "./helpers/suite/prepared-bundles.ts";
import { runCheck, runVitest } from "./helpers/suite/run-part.ts";
import { sumOf, type Tally } from "./helpers/suite/tally.ts";

/*
 * Everything that `npm test` proves, summed into one last line `N passed, N failed`. Two lanes run side by side: what
 * needs a processor and end-to-end tests on three stacks, which wait most of their time.
 */

const FOLDERS = ["bin", "lib", "lambdas", "cli", "local", "bench", "test"];

/**
 * TypeScript 7, the native compiler, checks in a tenth of the time of TypeScript 6. Both have a `tsc`, so it is named by
 * its path. TypeScript 6 stays for what needs a compiler in JavaScript: dependency-cruiser, editors and one test.
 */
const NATIVE_TYPESCRIPT = "node_modules/typescript-native/bin/tsc";

/** End-to-end files with long waits in them, on a stack of their own so that the others need not wait for them. */
const PATIENT = [
  "upstreams/sources",
  "upstreams/throttled-upstream",
  "runs/lifecycle",
  "runs/poison",
  "runs/duplicate-delivery",
  "shop",
].map((name) => `test/e2e/${name}.test.ts`);

const checks = (): Promise<Tally[]> =>
  Promise.all([
    runCheck("types", process.execPath, [NATIVE_TYPESCRIPT, "--noEmit"]),
    runCheck("format and lint", "biome", ["check", "--error-on-warnings", "."]),
    runCheck("import rules", "depcruise", ["--config", ".dependency-cruiser.cjs", ...FOLDERS]),
    runCheck("unused code and dependencies", "knip", []),
  ]);

/** Measuring what is covered makes tests up to several times slower, so only the unit tests count for it. */
const inProcess = async (): Promise<Tally[]> => [
  await runVitest("unit tests", ["--project=unit", "--coverage", "--maxWorkers=1"], "live"),
  await runVitest(
    "property, contract and infra tests",
    // By then most stacks are gone.
    ["--project=property", "--project=contract", "--project=infra", "--maxWorkers=2"],
    "live",
  ),
];

/** Three starts at once would each install the emulator. Where that fails, they look for another way to have one. */
const installEmulator = (): Promise<unknown> =>
  installMinistack(join(REPOSITORY_ROOT, ".local"), { say: console.log }).catch((error: unknown) =>
    console.error(String(error)),
  );

const endToEnd = async (): Promise<Tally[]> => {
  await installEmulator();
  return Promise.all([
    runVitest("storm of faults", ["--project=storm"], "at the end"),
    runVitest("end-to-end tests that wait", ["--project=e2e", ...PATIENT], "at the end"),
    runVitest("end-to-end tests", ["--project=e2e", ...PATIENT.map((file) => `--exclude=${file}`)], "at the end"),
  ]);
};

const startedMs = Date.now();
const secondsSince = (ms: number): number => Math.round((Date.now() - ms) / 1_000);
// Both lanes need them.
const removeBundles = await prepareBundles();
console.log(`bundles of all functions (${secondsSince(startedMs)} s)`);
const tallies = await Promise.all([checks().then(async (checked) => [...checked, ...(await inProcess())]), endToEnd()]);
const { passed, failed, skipped } = sumOf(tallies.flat());
removeBundles();
console.log(`finished in ${secondsSince(startedMs)} s`);
if (skipped > 0) console.log(`${skipped} skipped: they need what is not here, each says what`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
